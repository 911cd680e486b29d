package dev.watersmeet.testing.simulation;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Code that waits, run by the schedule: it has a thread of its own, but at any moment either that thread runs or the schedule does, so that nothing depends on the machine.
 *
 * @param <T> what it waits for
 */
final class Fiber<T> {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(body, "fiber-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    private final Semaphore fibersTurn = new Semaphore(0);
    private final Semaphore schedulesTurn = new Semaphore(0);
    private volatile @Nullable T handed;
    private volatile @Nullable Throwable failure;
    private volatile boolean done;

    /** Runs code until it waits for the first time, or ends. */
    void start(Runnable body) {
        THREADS.execute(() -> {
            fibersTurn.acquireUninterruptibly();
            try {
                body.run();
            } catch (Throwable e) { // rethrown by the schedule, whatever it is
                failure = e;
            }
            done = true;
            schedulesTurn.release();
        });
        run();
    }

    /** Waits: called by the code. Returns what the schedule hands over. */
    T await() {
        schedulesTurn.release();
        fibersTurn.acquireUninterruptibly();
        T result = handed;
        if (result == null) {
            throw new IllegalStateException("nothing was handed over");
        }
        handed = null;
        return result;
    }

    /** Hands over what the code waits for, and runs it until it waits again, or ends. */
    void resume(T value) {
        handed = value;
        run();
    }

    private void run() {
        fibersTurn.release();
        schedulesTurn.acquireUninterruptibly();
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IllegalStateException("failed while it was simulated", thrown);
        }
    }

    boolean isDone() {
        return done;
    }
}
