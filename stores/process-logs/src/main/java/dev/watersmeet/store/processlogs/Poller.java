package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at watched spaces, one after the other, in a thread of its own, and tells of those that look different. Closing it ends the thread. Thread-safe. */
final class Poller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

    private final Map<SpaceId, Object> seen = new ConcurrentHashMap<>();
    private final Map<SpaceId, Integer> watched = new ConcurrentHashMap<>();
    private final long intervalMillis;
    private final Function<SpaceId, Object> look;
    private final Consumer<SpaceId> changed;
    private final Thread thread;

    /** @param look something that is different after each change of a space */
    Poller(long intervalMillis, Function<SpaceId, Object> look, Consumer<SpaceId> changed) {
        this.intervalMillis = intervalMillis;
        this.look = look;
        this.changed = changed;
        this.thread = new Thread(this::run, "watersmeet-poller");
        thread.setDaemon(true);
        thread.start();
    }

    void watch(SpaceId space) {
        watched.merge(space, 1, Integer::sum);
    }

    void unwatch(SpaceId space) {
        if (watched.computeIfPresent(space, (id, count) -> count == 1 ? null : count - 1) == null) {
            seen.remove(space);
        }
    }

    private void run() {
        try {
            while (true) {
                for (SpaceId space : watched.keySet()) {
                    lookAt(space);
                    Thread.sleep(1_000 / ProcessLogOptions.MAX_POLLS_PER_SECOND);
                }
                Thread.sleep(intervalMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nothing is left to be done
        }
    }

    private void lookAt(SpaceId space) {
        try {
            Object now = look.apply(space);
            if (!Objects.equals(seen.put(space, now), now)) {
                changed.accept(space);
            }
        } catch (StoreException e) {
            LOG.debug("{} cannot be looked at now", space, e);
        } catch (RuntimeException e) {
            LOG.warn("looking at {} has failed", space, e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
