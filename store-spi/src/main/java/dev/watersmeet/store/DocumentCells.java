package dev.watersmeet.store;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;

/**
 * A document's name and cells of it: all of them, or a delta. Whoever is handed one does not change the cells.
 *
 * @param id the document
 * @param cells its cells
 */
public record DocumentCells(DocumentId id, DocumentState cells) {
    public DocumentCells {
        requireNonNull(id);
        requireNonNull(cells);
    }
}
