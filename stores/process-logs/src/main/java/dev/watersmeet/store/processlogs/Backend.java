package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a database does for a {@link ProcessLogStore}: records that are changed by compare-and-set, logs with one writer each, cells that are merged blindly.
 *
 * <p>Every method blocks, is thread-safe, and throws {@link StoreException}. What a call has written when it returns is durable, and every later read by any process sees it; what a read has seen, every later read sees. A write whose call
 * has failed may still take effect, at any later time or never. All of a space's data are kept apart by its life.
 */
public interface Backend extends AutoCloseable {
    /** How many entries are appended at once, at most. */
    int MAX_APPENDED = 500;

    /** How large a part of what is written may be. An entry of a log holds a batch and its mark; its cells are joined in parts. */
    Limits limits();

    /** Names a listener for what other processes change, until the backend is closed: for a database that tells of changes. What it does not tell is found by looking. */
    default void listen(ChangeListener listener) {}

    /**
     * A record.
     *
     * @param settled whether a compare-and-set whose outcome is not known has to be decided first: afterwards it has taken effect, which is seen, or never will
     */
    @Nullable
    Versioned record(RecordKey key, boolean settled);

    /**
     * Changes a record if it is what is expected. Of several that expect the same one succeeds.
     *
     * @param expected null if there is to be none
     * @param replacement null to delete it
     */
    boolean compareAndSet(RecordKey key, @Nullable Versioned expected, @Nullable Versioned replacement);

    /** Makes a space's life known to {@link #spaces} and {@link #erase}: before its first record is written. */
    void enlist(SpaceKey space);

    /** The names of spaces that were enlisted and not erased, in their order, after one; fewer than the limit if there are no more. */
    List<SpaceId> spaces(@Nullable SpaceId after, int limit);

    /** Erases all that belongs to a space's life, also what is written later: to each of its logs at most {@value #MAX_APPENDED} entries after those that are there. May be repeated. */
    void erase(SpaceKey space);

    /**
     * Appends to a log, in order: no entry is there without all before it.
     *
     * @param first the sequence of the first of the entries, counted from 1
     * @param entries each not empty; {@value #MAX_APPENDED} at most
     */
    void append(SpaceKey space, long log, long first, List<byte[]> entries);

    /** Replaces an entry of a log by an empty one, for ever. */
    void annul(SpaceKey space, long log, long sequence);

    /**
     * Entries of a log, in order, without a hole; empty arrays for those that were annulled.
     *
     * @param after the sequence before the first one
     * @param limit how many at most; fewer where they are large, but at least one if there is one
     */
    List<byte[]> entries(SpaceKey space, long log, long after, int limit);

    /** Of each log of a generation the sequence up to which it is complete; of logs without, none. */
    Map<Long, Long> tips(SpaceKey space, long generation);

    /** Raises a log's tip: of several the greatest stays. */
    void raiseTip(SpaceKey space, long generation, long log, long sequence);

    /**
     * Joins cells, under a generation, in any order and number: at each path the greatest stays. They have to be durable when this process has next read or written anything else of the space but a log, which still has them: with the
     * tip that is raised over them at the latest.
     */
    void join(SpaceKey space, long generation, Collection<DocumentCells> documents);

    /**
     * Joins the cells of an entry of a log, just as {@link #join(SpaceKey, long, Collection)}.
     *
     * @param stored the documents as {@link dev.watersmeet.store.encoding.Encoder#documents} has put them into the entry, for a database that keeps them in this form
     */
    default void join(SpaceKey space, long generation, Collection<DocumentCells> documents, ByteBuffer stored) {
        join(space, generation, documents);
    }

    /** Drops the cells of documents that were or will be written under a generation or an earlier one: they are never seen again. */
    void drop(SpaceKey space, long generation, Collection<DocumentId> documents);

    /** The joined cells of documents, of all generations; documents without are left out. */
    Map<DocumentId, DocumentState> read(SpaceKey space, Collection<DocumentId> documents);

    /**
     * Some of a space's documents: every document that is there when the first slice is read and stays is in exactly one. It holds at least one document, and otherwise about {@code limit} cells or
     * {@link dev.watersmeet.store.Store#PAGE_BYTES}, whichever comes first.
     *
     * @param from where the slice begins, as the one before named it; null for the first one
     * @throws StoreException of kind {@code CURSOR_EXPIRED} if it is no such name
     */
    Slice scan(SpaceKey space, @Nullable String from, int limit);

    /** About how many documents a space has; exactly, where they are few. */
    long count(SpaceKey space);

    /** Keeps a page of what a purge of a generation has found, of at most {@value Turn#MAX_PAGE_BYTES} bytes and one document. */
    void putPage(SpaceKey space, long generation, long attempt, int index, byte[] page);

    /** A page that was kept. */
    byte @Nullable [] page(SpaceKey space, long generation, long attempt, int index);

    /** Deletes a generation's logs and tips, and at last its pages, which tell what else there was. What is written to it later is never read. */
    void trim(SpaceKey space, long generation, Collection<Long> logs);

    @Override
    void close();
}
