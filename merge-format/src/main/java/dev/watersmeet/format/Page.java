package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import java.util.List;

/**
 * A page of changes (P-3).
 *
 * @param documents cells of documents, each document once
 * @param cursor where the next page goes on
 * @param more whether there is a next page already
 */
public record Page(List<DocumentCells> documents, String cursor, boolean more) {
    public Page {
        documents = List.copyOf(documents);
        requireNonNull(cursor);
    }
}
