package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.DocumentCells;
import java.util.List;

/** Stands where a store is not open yet. */
final class NoStore implements CellStore {
    @Override
    public Object prepare(List<DocumentCells> batch) {
        throw notOpen();
    }

    @Override
    public void join(Object prepared) {
        throw notOpen();
    }

    @Override
    public long scan() {
        throw notOpen();
    }

    @Override
    public void compact() {
        throw notOpen();
    }

    @Override
    public void close() {}

    private static IllegalStateException notOpen() {
        return new IllegalStateException("the store is not open");
    }
}
