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
 * @param former the mark that the mark's replica is expected to have: the batch is refused if it has another by then (S-24); null if any will do. Not without a mark
 */
public record Batch(
        List<DocumentCells> documents, @Nullable Mark mark, @Nullable Cursor basis, @Nullable FormerMark former) {
    public Batch {
        documents = List.copyOf(documents);
        if (former != null && mark == null) {
            throw new IllegalArgumentException("a batch that follows a mark has one itself: " + former);
        }
    }

    /** A batch that is no push, and relies on nothing. */
    public static Batch of(List<DocumentCells> documents) {
        return new Batch(documents, null, null, null);
    }

    /** A batch that is a push, and relies on nothing. */
    public static Batch of(List<DocumentCells> documents, Mark mark) {
        return new Batch(documents, requireNonNull(mark), null, null);
    }

    /** The same, by a writer who had read up to a cursor. */
    public Batch basedOn(Cursor cursor) {
        return new Batch(documents, mark, requireNonNull(cursor), former);
    }

    /** The same push, as the one that follows a mark. */
    public Batch following(FormerMark expected) {
        return new Batch(documents, mark, basis, requireNonNull(expected));
    }

    /**
     * Checks the mark that the batch expects: what a store does as it applies one, when nobody can come between.
     *
     * @param held the mark that the replica has
     * @throws StoreException of kind {@code MARK_MOVED} if it is another
     */
    public void checkFormer(FormerMark held) {
        if (former != null && !former.equals(held)) {
            throw new StoreException(
                    StoreException.Kind.MARK_MOVED,
                    "the replica's last push is " + held + " by now, and not " + former);
        }
    }
}
