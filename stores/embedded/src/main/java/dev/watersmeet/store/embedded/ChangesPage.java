package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of changes while it is put together: entries of the log, joined. A cell that many of them bring is in it once, at its newest, and counts once: so a page reaches as far as there is room for what differs, and
 * catching up with a document that changed a thousand times costs its reader one. It ends between two entries, and is a state that existed.
 *
 * <p>What is read for a page is bounded, too. Not thread-safe.
 */
final class ChangesPage {
    /** How many times the cells, or the bytes, of a page are read for it at most. */
    static final int MAX_READ = 16;

    private final Map<DocumentId, DocumentState> documents = new LinkedHashMap<>();
    private final PageBudget held;
    private final long maxEntries;
    private long entries;
    private long read;
    /** The document whose cell came last, and its state. */
    private @Nullable DocumentId last;

    private DocumentState stateOfLast = DocumentState.empty();

    /**
     * An empty page.
     *
     * @param limit about how many cells it may hold
     */
    ChangesPage(int limit) {
        this.held = PageBudget.of(limit);
        this.maxEntries = (long) limit * MAX_READ;
    }

    boolean hasRoom() {
        return held.hasRoom() && entries < maxEntries && read < MAX_READ * Store.PAGE_BYTES;
    }

    /** Whether an entry can be added: the first one always can. */
    boolean fits(byte[] entry) {
        return entries == 0 || held.fits(entry.length);
    }

    void add(byte[] entry) {
        LogEntry.forEach(entry, this::join);
        entries++;
        read += entry.length;
    }

    @SuppressWarnings("ReferenceEquality") // an equal one would only be looked up again
    private void join(DocumentId id, Path path, Cell cell, int bytes) {
        if (last != id) {
            last = id;
            stateOfLast = documents.computeIfAbsent(id, key -> DocumentState.empty());
        }
        DocumentState state = stateOfLast;
        Cell before = state.get(path);
        state.join(path, cell);
        if (before == null) {
            held.add(1, bytes);
        } else {
            held.add(0, Math.max(0, size(cell) - size(before)));
        }
    }

    private static long size(Cell cell) {
        Value value = cell.value();
        return value == null ? 0 : value.bytes();
    }

    boolean isEmpty() {
        return documents.isEmpty();
    }

    List<DocumentCells> documents() {
        List<DocumentCells> list = new ArrayList<>(documents.size());
        documents.forEach((id, cells) -> list.add(new DocumentCells(id, cells)));
        return list;
    }
}
