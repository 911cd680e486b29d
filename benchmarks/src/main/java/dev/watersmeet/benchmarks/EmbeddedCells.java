package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ours. */
final class EmbeddedCells implements CellStore {
    private static final SpaceId SPACE = SpaceId.of("bench");
    private static final int PAGE_CELLS = 5000;

    private final EmbeddedStore store;

    EmbeddedCells(Path folder) {
        store = EmbeddedStore.open(folder);
    }

    @Override
    public Object prepare(List<DocumentCells> batch) {
        return Batch.of(batch);
    }

    @Override
    public void join(Object prepared) {
        store.join(SPACE, (Batch) prepared);
    }

    @Override
    public long scan() {
        long cells = 0;
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(SPACE, position, PAGE_CELLS);
            cells += count(page.documents());
            position = page.position();
        } while (position != null);
        return cells;
    }

    Cursor head() {
        return store.head(SPACE);
    }

    /** Reads what was written after a cursor; the number of cells. */
    long changes(Cursor after) {
        Changes page = store.changes(SPACE, after, PAGE_CELLS);
        long cells = count(page.documents());
        while (page.more()) {
            page = store.changes(SPACE, page.cursor(), PAGE_CELLS);
            cells += count(page.documents());
        }
        return cells;
    }

    private static long count(List<DocumentCells> documents) {
        return documents.stream().mapToLong(document -> document.cells().size()).sum();
    }

    @Override
    public void compact() {
        store.compact();
    }

    @Override
    public void close() {
        store.close();
    }
}
