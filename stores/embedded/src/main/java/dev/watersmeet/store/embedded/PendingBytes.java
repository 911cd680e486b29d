package dev.watersmeet.store.embedded;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Bounds the bytes of batches that are on their way to the disk, so that many writers at once do not exhaust the heap. Thread-safe. */
final class PendingBytes {
    private static final int KIBIBYTE = 1 << 10;

    private final int kibibytes;
    private final Semaphore left;

    /** A bound of as many bytes, of which a batch that has more takes all. */
    PendingBytes(int bytes) {
        this.kibibytes = bytes / KIBIBYTE;
        this.left = new Semaphore(kibibytes, true);
    }

    /** Runs what prepares and writes a batch of as many bytes, as soon as there is room for it. */
    <T> T with(long bytes, Supplier<T> action) {
        int taken = (int) Math.min(kibibytes, 1 + bytes / KIBIBYTE);
        left.acquireUninterruptibly(taken);
        try {
            return action.get();
        } finally {
            left.release(taken);
        }
    }
}
