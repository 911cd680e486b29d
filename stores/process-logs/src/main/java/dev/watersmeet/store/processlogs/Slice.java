package dev.watersmeet.store.processlogs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of all documents of a space.
 *
 * @param documents whole documents
 * @param next where the next slice begins, as the backend names it, in at most 1,500 bytes of UTF-8; null after the last one
 */
public record Slice(List<Layered> documents, @Nullable String next) {
    public Slice {
        documents = List.copyOf(documents);
    }
}
