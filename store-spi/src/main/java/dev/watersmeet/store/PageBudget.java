package dev.watersmeet.store;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;

/**
 * What a page still has room for: so many cells, and {@link Store#PAGE_BYTES} (S-7, S-11). For who writes a store. Not thread-safe.
 *
 * <p>A page is put together from parts that are not split: batches of a log, or documents. A first part fits whatever its size is, so that a reader always gets on.
 */
public final class PageBudget {
    /** What a cell takes besides its texts, about: its stamp, and the punctuation of a message. */
    static final long CELL_BYTES = 64;

    private final int maxCells;
    private int cells;
    private long bytes;

    private PageBudget(int maxCells) {
        this.maxCells = maxCells;
    }

    /**
     * The budget of an empty page.
     *
     * @param maxCells about how many cells the page may hold
     */
    public static PageBudget of(int maxCells) {
        return new PageBudget(maxCells);
    }

    /** Whether there is room for another part, unless that turns out to be large. */
    public boolean hasRoom() {
        return cells < maxCells && bytes < Store.PAGE_BYTES;
    }

    /** Whether a part of so many bytes can be added: the first one always can. */
    public boolean fits(long partBytes) {
        return bytes == 0 || bytes + partBytes <= Store.PAGE_BYTES;
    }

    /** Takes a part into account. */
    public void add(int partCells, long partBytes) {
        cells += partCells;
        bytes += partBytes;
    }

    /** About how many bytes a document's cells take, in memory or in a message. */
    public static long bytes(DocumentCells document) {
        return document.id().collection().length()
                + document.id().id().bytes()
                + CELL_BYTES * document.cells().size()
                + document.cells().textBytes();
    }

    /** About how many bytes a cell takes. */
    static long bytes(Path path, Cell cell) {
        Value value = cell.value();
        return CELL_BYTES + path.bytes() + (value == null ? 0 : value.bytes());
    }
}
