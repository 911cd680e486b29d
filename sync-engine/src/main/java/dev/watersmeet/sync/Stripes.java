package dev.watersmeet.sync;

import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A bounded number of locks for an unbounded number of keys: two keys may share one, so who holds one may take no other; all that are needed are taken at once. */
final class Stripes {
    private static final int SIZE = 256;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(SIZE).toArray(ReentrantLock[]::new);

    /** Runs an action while no other runs for the same key. */
    <T> T locked(Object key, Supplier<T> action) {
        ReentrantLock lock = locks[index(key)];
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private static int index(Object key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & (SIZE - 1);
    }

    /** Runs an action while no other runs for any of the keys. */
    <T> T allLocked(Collection<?> keys, Supplier<T> action) {
        int[] needed =
                keys.stream().mapToInt(Stripes::index).distinct().sorted().toArray(); // in one order for all
        int held = 0;
        try {
            for (; held < needed.length; held++) {
                locks[needed[held]].lock();
            }
            return action.get();
        } finally {
            while (held > 0) {
                locks[needed[--held]].unlock();
            }
        }
    }
}
