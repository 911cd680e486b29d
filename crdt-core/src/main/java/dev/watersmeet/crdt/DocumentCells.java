package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

/**
 * A document's name with cells of it: all of them, or a delta. Whoever is handed one does not change the cells.
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
