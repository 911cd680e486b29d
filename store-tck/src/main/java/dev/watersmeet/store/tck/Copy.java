package dev.watersmeet.store.tck;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a reader of a space holds who joins and drops what scans and changes tell, as a client does. */
final class Copy {
    private static final int MAX_PAGES = 100_000;

    private final Store store;
    private final SpaceId space;
    private final int limit;
    private final Map<DocumentId, DocumentState> documents = new HashMap<>();
    private Cursor cursor;

    private Copy(Store store, SpaceId space, Cursor cursor, int limit) {
        this.store = store;
        this.space = space;
        this.cursor = cursor;
        this.limit = limit;
    }

    /** A reader that holds nothing and goes on from a cursor. */
    static Copy after(Store store, SpaceId space, Cursor cursor, int limit) {
        return new Copy(store, space, cursor, limit);
    }

    /** A reader that has made a first sync: the head, then a scan. */
    static Copy scanned(Store store, SpaceId space, int limit) {
        Copy copy = new Copy(store, space, store.head(space), limit);
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(space, position, limit);
            page.documents().forEach(copy::join);
            position = page.position();
        } while (position != null);
        return copy;
    }

    /** Reads changes until there are no more. */
    Copy follow() {
        for (int pages = 0; pages < MAX_PAGES; pages++) {
            Changes page = store.changes(space, cursor, limit);
            page.documents().forEach(this::join);
            page.dropped().forEach(this::drop);
            cursor = page.cursor();
            if (!page.more()) {
                return this;
            }
        }
        throw new AssertionError("changes tell of more after " + MAX_PAGES + " pages");
    }

    private void join(DocumentCells delta) {
        documents.computeIfAbsent(delta.id(), id -> DocumentState.empty()).join(delta.cells());
    }

    private void drop(DocumentCells dropped) {
        documents.computeIfPresent(dropped.id(), (id, held) -> {
            DocumentState left = held.without(dropped.cells());
            return left.isEmpty() ? null : left;
        });
    }

    Map<DocumentId, DocumentState> documents() {
        return documents;
    }

    Cursor cursor() {
        return cursor;
    }

    /** Whether a document's cell at a path is of a stamp or a later one. */
    boolean reaches(DocumentId id, Path path, Stamp stamp) {
        DocumentState state = documents.get(id);
        @Nullable Cell cell = state == null ? null : state.get(path);
        return cell != null && !stamp.isAfter(cell.stamp());
    }
}
