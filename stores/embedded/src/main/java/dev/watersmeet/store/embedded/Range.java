package dev.watersmeet.store.embedded;

import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A cursor over the entries of a part of a column family, as they were when it was opened, in the order of their keys. */
final class Range implements AutoCloseable {
    private final Slice bound;
    private final ReadOptions options;
    private final RocksIterator iterator;

    private Range(Slice bound, ReadOptions options, RocksIterator iterator) {
        this.bound = bound;
        this.options = options;
        this.iterator = iterator;
    }

    /** A range at its first entry. */
    static Range of(RocksDB rocks, ColumnFamilyHandle family, byte[] from, byte[] end) {
        Slice bound = new Slice(end);
        ReadOptions options = new ReadOptions().setIterateUpperBound(bound);
        RocksIterator iterator = rocks.newIterator(family, options);
        iterator.seek(from);
        return new Range(bound, options, iterator);
    }

    /** Whether there is an entry here. */
    boolean valid() throws RocksDBException {
        if (iterator.isValid()) {
            return true;
        }
        iterator.status();
        return false;
    }

    byte[] key() {
        return iterator.key();
    }

    byte[] value() {
        return iterator.value();
    }

    void next() {
        iterator.next();
    }

    void seek(byte[] key) {
        iterator.seek(key);
    }

    @Override
    public void close() {
        iterator.close();
        options.close();
        bound.close();
    }
}
