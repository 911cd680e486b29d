package dev.watersmeet.store;

import dev.watersmeet.crdt.MalformedException;
import java.nio.BufferUnderflowException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The use of a store, by many at a time, until it is closed (S-13); for implementations. Thread-safe. */
public final class StoreUse {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean ended;

    /** A store that is open. */
    public StoreUse() {}

    /**
     * Does something that the end waits for.
     *
     * @throws StoreException of kind {@code CLOSED} after the end, and {@code UNUSABLE} if what is stored cannot be read
     */
    public <T> T during(Supplier<T> action) {
        lock.readLock().lock();
        try {
            if (ended) {
                throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
            }
            return action.get();
        } catch (MalformedException | BufferUnderflowException e) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "what is stored cannot be read: " + e.getMessage()
                            + "; it was written by a later version, or is damaged",
                    e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Ends it, when nothing is under way any more.
     *
     * @return false if it had ended before
     */
    public boolean end(Runnable ending) {
        lock.writeLock().lock();
        try {
            if (ended) {
                return false;
            }
            ended = true;
            ending.run();
            return true;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
