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
 * @param basis the cursor up to which the writer had read: the batch may rely on cells that the store held then, and is refused if some of them may have been purged since (S-20); null if it relies on none
 */
public record Batch(List<DocumentCells> documents, @Nullable Mark mark, @Nullable Cursor basis) {
    public Batch {
        documents = List.copyOf(documents);
    }

    /** A batch that is no push, and relies on nothing. */
    public static Batch of(List<DocumentCells> documents) {
        return new Batch(documents, null, null);
    }

    /** A batch that is a push, and relies on nothing. */
    public static Batch of(List<DocumentCells> documents, Mark mark) {
        return new Batch(documents, requireNonNull(mark), null);
    }

    /** The same, by a writer who had read up to a cursor. */
    public Batch basedOn(Cursor cursor) {
        return new Batch(documents, mark, requireNonNull(cursor));
    }
}
