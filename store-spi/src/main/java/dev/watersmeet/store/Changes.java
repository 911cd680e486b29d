package dev.watersmeet.store;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import java.util.List;

/**
 * A page of what changed after a cursor.
 *
 * @param documents the cells that were written, each document once
 * @param cursor where the next page goes on
 * @param more whether there is a next page already
 */
public record Changes(List<DocumentCells> documents, Cursor cursor, boolean more) {
    public Changes {
        documents = List.copyOf(documents);
        requireNonNull(cursor);
    }
}
