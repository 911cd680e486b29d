package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at watched spaces again and again, some at a time, each in one thread, and tells of those that look different. Spaces that do not answer hold up none of the others, as long as they are fewer than
 * {@value #LOOKS_AT_A_TIME}; how long each may take is the backend's. Closing it ends the threads. Thread-safe.
 */
final class Poller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

    /** More than are needed where all answer: of a database of which one server is slow, a part of all spaces does. */
    static final int LOOKS_AT_A_TIME = 32;

    private static final long IDLE_SECONDS = 5;

    private final Map<SpaceId, Object> seen = new ConcurrentHashMap<>();
    private final Map<SpaceId, Integer> watched = new ConcurrentHashMap<>();
    private final long intervalMillis;
    private final Function<SpaceId, Object> look;
    private final Consumer<SpaceId> changed;
    private final Set<SpaceId> looking = ConcurrentHashMap.newKeySet();
    private final ExecutorService looks;
    private final Thread thread;

    /**
     * A poller that looks at nothing yet.
     *
     * @param name of its threads
     * @param look something that is different after each change of a space
     */
    Poller(String name, long intervalMillis, Function<SpaceId, Object> look, Consumer<SpaceId> changed) {
        this.intervalMillis = intervalMillis;
        this.look = look;
        this.changed = changed;
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                LOOKS_AT_A_TIME,
                LOOKS_AT_A_TIME,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), // each space is in it once
                task -> daemon(task, name + "-look"));
        threads.allowCoreThreadTimeOut(true);
        this.looks = threads;
        this.thread = daemon(this::run, name);
        thread.start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void watch(SpaceId space) {
        watched.merge(space, 1, Integer::sum);
    }

    /** Whether the space is watched by nobody any more. */
    boolean unwatch(SpaceId space) {
        boolean last = watched.computeIfPresent(space, (id, count) -> count == 1 ? null : count - 1) == null;
        if (last) {
            seen.remove(space);
        }
        return last;
    }

    private void run() {
        try {
            while (true) {
                for (SpaceId space : watched.keySet()) {
                    if (looking.add(space)) {
                        looks.execute(() -> lookAt(space));
                    }
                    Thread.sleep(1_000 / ProcessLogOptions.MAX_POLLS_PER_SECOND);
                }
                Thread.sleep(intervalMillis);
            }
        } catch (InterruptedException | RejectedExecutionException e) {
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
        } finally {
            looking.remove(space);
            if (!watched.containsKey(space)) {
                seen.remove(space);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        looks.shutdown();
    }
}
