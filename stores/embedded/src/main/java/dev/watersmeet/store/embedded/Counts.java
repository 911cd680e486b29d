package dev.watersmeet.store.embedded;

import dev.watersmeet.store.SpaceId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDBException;

/**
 * The numbers of documents that were counted lately. A number is counted anew once the documents written since could change it by more than five in a hundred: blind writes do not know whether a document
 * is new. Thread-safe.
 */
final class Counts {
    private static final int MAX_SPACES = 1024;
    private static final int TOLERATED_PART = 20;

    /** Counts the documents of a space. */
    @FunctionalInterface
    interface Counter {
        long count() throws RocksDBException;
    }

    private static final class Count {
        private long written;
        private long writtenWhenCounted;
        private long documents = -1;
        /** Held while counting, so that one counts for all who ask. */
        private final ReentrantLock counting = new ReentrantLock();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SpaceId, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SpaceId, Count> eldest) {
            return size() > MAX_SPACES;
        }
    };

    /** Takes note that documents of a space were written. */
    void written(SpaceId space, int documents) {
        lock.lock();
        try {
            Count count = counts.get(space);
            if (count != null) {
                count.written += documents;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes note that documents of a space are gone. */
    void forget(SpaceId space) {
        lock.lock();
        try {
            counts.remove(space);
        } finally {
            lock.unlock();
        }
    }

    /** The number of a space's documents, counted now or lately. Of many who ask at once, one counts. */
    long count(SpaceId space, Counter counter) throws RocksDBException {
        Count count;
        lock.lock();
        try {
            count = counts.computeIfAbsent(space, key -> new Count());
        } finally {
            lock.unlock();
        }
        count.counting.lock();
        try {
            return counted(count, counter);
        } finally {
            count.counting.unlock();
        }
    }

    private long counted(Count count, Counter counter) throws RocksDBException {
        long written;
        lock.lock();
        try {
            written = count.written;
            if (count.documents >= 0 && written - count.writtenWhenCounted <= count.documents / TOLERATED_PART) {
                return count.documents;
            }
        } finally {
            lock.unlock();
        }
        long documents = counter.count();
        lock.lock();
        try {
            count.documents = documents;
            count.writtenWhenCounted = written;
        } finally {
            lock.unlock();
        }
        return documents;
    }
}
