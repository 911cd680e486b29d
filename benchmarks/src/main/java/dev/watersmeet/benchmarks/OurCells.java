package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ours: a space of a store. */
public final class OurCells implements CellStore {
    private static final int PAGE_CELLS = 5000;

    private final Store store;
    private final SpaceId space;
    private final Runnable compaction;

    /**
     * A space of a store that is closed with it.
     *
     * @param compaction leaves what is needed only
     */
    public OurCells(Store store, SpaceId space, Runnable compaction) {
        this.store = store;
        this.space = space;
        this.compaction = compaction;
    }

    static OurCells embedded(Path folder) {
        EmbeddedStore store = EmbeddedStore.open(folder);
        return new OurCells(store, SpaceId.of("bench"), store::compact);
    }

    @Override
    public Object prepare(List<DocumentCells> batch) {
        return Batch.of(batch);
    }

    @Override
    public void join(Object prepared) {
        store.join(space, (Batch) prepared);
    }

    @Override
    public long scan() {
        long cells = 0;
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(space, position, PAGE_CELLS);
            cells += count(page.documents());
            position = page.position();
        } while (position != null);
        return cells;
    }

    /** A cursor of now. */
    public Cursor head() {
        return store.head(space);
    }

    /** Reads what was written after a cursor; the number of cells. */
    public long changes(Cursor after) {
        Changes page = store.changes(space, after, PAGE_CELLS);
        long cells = count(page.documents());
        while (page.more()) {
            page = store.changes(space, page.cursor(), PAGE_CELLS);
            cells += count(page.documents());
        }
        return cells;
    }

    private static long count(List<DocumentCells> documents) {
        return documents.stream().mapToLong(document -> document.cells().size()).sum();
    }

    /** Reads a document; the number of cells. */
    public long read(DocumentId document) {
        return store.read(space, List.of(document)).values().stream()
                .mapToLong(DocumentState::size)
                .sum();
    }

    @Override
    public void compact() {
        compaction.run();
    }

    @Override
    public void close() {
        store.close();
    }
}
