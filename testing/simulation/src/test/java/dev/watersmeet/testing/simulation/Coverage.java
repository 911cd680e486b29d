package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an answer lets its reader know of, by the contract of cursors: writes up to a number.
 *
 * @param upTo of all documents; -1 if it says nothing of all of them
 * @param documents of some documents, which were read later
 * @param snapshot whether it is of a snapshot
 * @param first whether it is the first page
 */
record Coverage(int upTo, Map<DocumentId, Integer> documents, boolean snapshot, boolean first) {
    static Coverage page(int upTo) {
        return new Coverage(upTo, Map.of(), false, false);
    }

    /** @param upTo what the snapshot's cursor covers, if this is its last page */
    static Coverage snapshot(List<DocumentCells> shown, int readAt, boolean first, int upTo) {
        Map<DocumentId, Integer> documents = new HashMap<>();
        shown.forEach(document -> documents.put(document.id(), readAt));
        return new Coverage(upTo, documents, true, first);
    }
}
