package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All documents of a space, page by page. */
final class Everything {
    private static final int PAGE_CELLS = 5000;

    private Everything() {}

    static Map<DocumentId, DocumentState> scanned(Store store, SpaceId space) {
        Map<DocumentId, DocumentState> found = new HashMap<>();
        Scan page = store.scan(space, null, PAGE_CELLS);
        join(found, page.documents());
        while (page.position() != null) {
            page = store.scan(space, page.position(), PAGE_CELLS);
            join(found, page.documents());
        }
        return found;
    }

    /** By the log, from its first entry on. */
    static Map<DocumentId, DocumentState> followed(Store store, SpaceId space) {
        Cursor start = new Cursor(store.head(space).text().replaceFirst("[.][0-9]+$", ".0"));
        Map<DocumentId, DocumentState> found = new HashMap<>();
        Changes page = store.changes(space, start, PAGE_CELLS);
        join(found, page.documents());
        while (page.more()) {
            page = store.changes(space, page.cursor(), PAGE_CELLS);
            join(found, page.documents());
        }
        return found;
    }

    static void join(Map<DocumentId, DocumentState> found, List<DocumentCells> documents) {
        documents.forEach(delta ->
                found.computeIfAbsent(delta.id(), id -> DocumentState.empty()).join(delta.cells()));
    }
}
