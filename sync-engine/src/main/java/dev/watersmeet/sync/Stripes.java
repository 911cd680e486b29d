package dev.watersmeet.sync;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A bounded number of locks for an unbounded number of keys: two keys may share one, so no holder may take a second. */
final class Stripes {
    private static final int SIZE = 256;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(SIZE).toArray(ReentrantLock[]::new);

    /** Runs an action while no other runs for the same key. */
    <T> T locked(Object key, Supplier<T> action) {
        int hash = key.hashCode();
        ReentrantLock lock = locks[(hash ^ hash >>> 16) & (SIZE - 1)];
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
