package dev.watersmeet.store.processlogs;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** What a simulated process does, one call after the other: in a thread of its own, but at any moment either that thread runs or the schedule does, so that nothing depends on the machine. */
final class Strand {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(body, "strand");
        thread.setDaemon(true);
        return thread;
    });

    private final Semaphore own = new Semaphore(0);
    private final Semaphore schedule = new Semaphore(0);
    // Handed over with the turn.
    private boolean crashing;
    private boolean done = true;
    private int passing;
    private @Nullable Throwable failure;

    /** Thrown through a process that crashes. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    boolean isDone() {
        return done;
    }

    /** Begins something, and runs it to its first yield. */
    void start(Runnable body) {
        done = false;
        THREADS.execute(() -> {
            own.acquireUninterruptibly();
            try {
                body.run();
            } catch (Crash e) {
                done = true; // as it should be
            } catch (Throwable e) { // rethrown by the schedule, whatever it is
                failure = e;
            }
            done = true;
            schedule.release();
        });
        resume(0);
    }

    /**
     * Runs on.
     *
     * @param yields how many yields it passes over
     */
    void resume(int yields) {
        passing = yields;
        own.release();
        schedule.acquireUninterruptibly();
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IllegalStateException("a simulated process has failed", thrown);
        }
    }

    /** Ends what is under way, where it stands, for ever. */
    void crash() {
        crashing = true;
        resume(0);
    }

    /** Lets others run: called by what was started. */
    void yieldNow() {
        if (crashing) {
            throw new Crash(); // in what is done on the way out, too
        }
        if (passing > 0) {
            passing--;
            return;
        }
        schedule.release();
        own.acquireUninterruptibly();
        if (crashing) {
            throw new Crash();
        }
    }
}
