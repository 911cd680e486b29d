package dev.watersmeet.server;

import dev.watersmeet.store.StoreException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work on the store that a running server does by itself, again and again. A run that fails is logged, and the next is tried in its time; the store's closing ends them. */
final class Scheduled {
    private static final Logger log = LoggerFactory.getLogger(Scheduled.class);

    private Scheduled() {}

    /**
     * Runs a task after each interval, on a thread of its own.
     *
     * @param name of the thread, and of the task in the log
     */
    static void start(String name, Duration every, Runnable task) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread made = new Thread(run, "watersmeet-" + name);
            made.setDaemon(true);
            return made;
        });
        Runnable next = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                if (e instanceof StoreException refusal && refusal.kind() == StoreException.Kind.CLOSED) {
                    thread.shutdown();
                } else {
                    log.error("the {} failed, and is tried again after {}", name, every, e);
                }
            }
        };
        ScheduledFuture<?> unused =
                thread.scheduleAtFixedRate(next, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }
}
