package dev.watersmeet.store;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is joined in one step: the unit of durability, and one entry of the log.
 *
 * @param documents cells of documents, each document once; may be empty where only the mark counts
 * @param mark the push that this is, if it is one
 */
public record Batch(List<DocumentCells> documents, @Nullable Mark mark) {
    public Batch {
        documents = List.copyOf(documents);
    }

    /** A batch that is no push. */
    public static Batch of(List<DocumentCells> documents) {
        return new Batch(documents, null);
    }

    /** A batch that is a push. */
    public static Batch of(List<DocumentCells> documents, Mark mark) {
        return new Batch(documents, requireNonNull(mark));
    }
}
