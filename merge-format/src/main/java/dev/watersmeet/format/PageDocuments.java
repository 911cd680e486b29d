package dev.watersmeet.format;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import java.util.List;
import java.util.Set;

/**
 * The documents of a page as they are read.
 *
 * @param documents the documents
 * @param complete those of them that are marked as complete (P-22)
 */
record PageDocuments(List<DocumentCells> documents, Set<DocumentId> complete) {
    /** No documents. */
    static final PageDocuments NONE = new PageDocuments(List.of(), Set.of());
}
