package dev.watersmeet.store.embedded;

import dev.watersmeet.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What one caller wants changed in a space: prepared on the caller's thread, applied where its group is written. */
final class Write {
    /** What a write does. Runs while nobody else writes. */
    @FunctionalInterface
    interface Change {
        /**
         * Adds itself to what is written next.
         *
         * @param before the head of the space's log
         * @param now Unix milliseconds
         * @return the head after this; null if the space is gone
         * @throws StoreException if it is refused; nothing was added then
         */
        @Nullable
        SpaceHead addTo(WriteBatch batch, SpaceHead before, long now) throws RocksDBException;
    }

    private final byte[] space;
    private final int bytes;
    private final boolean reads;
    private final Change change;
    private final CompletableFuture<SpaceHead> done = new CompletableFuture<>();

    private Write(byte[] space, int bytes, boolean reads, Change change) {
        this.space = space;
        this.bytes = bytes;
        this.reads = reads;
        this.change = change;
    }

    /** A write that goes by the head, and by marks, alone, and may be written together with others. */
    static Write blind(byte[] space, int bytes, Change change) {
        return new Write(space, bytes, false, change);
    }

    /** A write that looks at what is stored: everything before it is written by then. */
    static Write reading(byte[] space, Change change) {
        return new Write(space, 0, true, change);
    }

    byte[] space() {
        return space;
    }

    /** About how many bytes it adds to the log. */
    int bytes() {
        return bytes;
    }

    /** Whether its caller writes it by itself, if it comes alone. */
    boolean isSmall(int maxBytes) {
        return bytes <= maxBytes && !reads;
    }

    boolean reads() {
        return reads;
    }

    @Nullable
    SpaceHead addTo(WriteBatch batch, SpaceHead before, long now) throws RocksDBException {
        return change.addTo(batch, before, now);
    }

    void complete(SpaceHead head) {
        done.complete(head);
    }

    void fail(Throwable cause) {
        done.completeExceptionally(cause);
    }

    /** Waits until this is written, also when the thread is interrupted: the outcome is then known. */
    SpaceHead await() {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException refusal) {
                throw refusal;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
