package dev.watersmeet.store;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import java.util.List;

/**
 * A page of what changed after a cursor: either cells that were written, which a reader joins, or cells that a purge has dropped, which a reader drops, too, unless it holds greater ones (S-19). A page has not both, so that
 * what is written after a purge, be it the same cells again, is joined after it.
 *
 * @param documents the cells that were written, each document once
 * @param dropped the cells that were dropped, each document once
 * @param cursor where the next page goes on
 * @param more whether there is a next page already
 */
public record Changes(List<DocumentCells> documents, List<DocumentCells> dropped, Cursor cursor, boolean more) {
    public Changes {
        documents = List.copyOf(documents);
        dropped = List.copyOf(dropped);
        requireNonNull(cursor);
        if (!documents.isEmpty() && !dropped.isEmpty()) {
            throw new IllegalArgumentException("a page of changes ends before a purge");
        }
    }

    /** A page of what was written; none of its documents if nothing was. */
    public static Changes written(List<DocumentCells> documents, Cursor cursor, boolean more) {
        return new Changes(documents, List.of(), cursor, more);
    }

    /** A page of what was purged. */
    public static Changes purged(List<DocumentCells> dropped, Cursor cursor, boolean more) {
        return new Changes(List.of(), dropped, cursor, more);
    }
}
