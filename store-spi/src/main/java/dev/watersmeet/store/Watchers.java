package dev.watersmeet.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The listeners of each space, for stores that hear of changes in their own process. Thread-safe. */
public final class Watchers {
    private final Map<SpaceId, List<Entry>> listeners = new ConcurrentHashMap<>();

    /** No listeners yet. */
    public Watchers() {}

    /** Adds a listener until the subscription is closed. */
    public Subscription add(SpaceId space, Runnable listener) {
        Entry own = new Entry(listener);
        listeners.compute(space, (key, list) -> {
            List<Entry> changed = list == null ? new CopyOnWriteArrayList<>() : list;
            changed.add(own);
            return changed;
        });
        return () -> listeners.computeIfPresent(space, (key, list) -> {
            list.remove(own);
            return list.isEmpty() ? null : list;
        });
    }

    /** Calls the listeners of a space. One that throws is the thread's uncaught exception; the others are called all the same. */
    public void wake(SpaceId space) {
        for (Entry entry : listeners.getOrDefault(space, List.of())) {
            try {
                entry.listener.run();
            } catch (RuntimeException e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }

    /** Calls the listeners of all spaces. */
    public void wakeAll() {
        listeners.keySet().forEach(this::wake);
    }

    /** One subscription: the same listener may be added twice. */
    private static final class Entry {
        private final Runnable listener;

        private Entry(Runnable listener) {
            this.listener = listener;
        }
    }
}
