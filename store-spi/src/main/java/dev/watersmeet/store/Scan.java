package dev.watersmeet.store;

import dev.watersmeet.crdt.DocumentCells;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a scan.
 *
 * @param documents documents with all their cells
 * @param position where the next page goes on, in the store's own form; null after the last page
 */
public record Scan(List<DocumentCells> documents, @Nullable Cursor position) {
    public Scan {
        documents = List.copyOf(documents);
    }
}
