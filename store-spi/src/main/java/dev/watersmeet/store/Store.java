package dev.watersmeet.store;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where cells are kept: for each space the joined cells of its documents, a log of the batches that brought them, and a little metadata.
 *
 * <p>Because merging is a join, a store may apply a batch twice or late and is still right. What it must never do is to forget a batch, or to let a reader pass one by.
 *
 * <p>Implementations block, are thread-safe, and throw {@link StoreException}. A space exists as soon as it is named. The numbers are those that the test kit
 * ({@code store-tck}) cites; {@link Metadata} and {@link Maintenance} have the rest of them.
 */
public interface Store extends AutoCloseable {
    /** About how many bytes a page holds, counted as {@link PageBudget} counts: small enough that a server can answer many at once. */
    long PAGE_BYTES = 4L << 20;

    /** What this store can do. <b>S-14</b> What it does not claim it refuses as {@link StoreException.Kind#UNSUPPORTED}; see {@link Capability}. */
    Capabilities capabilities();

    /**
     * Merges a batch.
     *
     * <p><b>S-1</b> When this returns, cells, log entry and mark are durable and visible to every reader of every instance. <b>S-2</b> A batch is applied as a whole or not at all. <b>S-3</b> At each path the
     * greatest cell stays, whatever the order and number of joins. <b>S-15</b> A batch above one of the {@link Limits} is refused as {@link StoreException.Kind#TOO_LARGE}, naming the documents that are; one within is not.
     * <b>S-20</b> A batch whose basis is not {@link CursorState#CURRENT} when it is applied is refused as {@link StoreException.Kind#CURSOR_EXPIRED}. <b>S-24</b> A batch that names a {@linkplain FormerMark former mark} is refused as {@link StoreException.Kind#MARK_MOVED} if its replica has
     * another when it is applied: of several that follow the same mark, on whatever instances, one is applied. A refused batch changes nothing.
     *
     * @return a cursor that covers the batch, and possibly batches of others that its writer has not read: who follows the changes goes on from the cursor that the changes gave
     */
    Cursor join(SpaceId space, Batch batch);

    /**
     * The joined cells of documents.
     *
     * <p><b>S-4</b> What this instance has joined before is seen. Documents without cells are left out. The states belong to the caller.
     */
    Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents);

    /**
     * The last accepted push of a replica.
     *
     * <p><b>S-5</b> Marks are joined: of two of a replica the one with the greater number stays, of two with the same number the one that was there first. A batch whose mark does not stay is joined and changes no
     * mark. Who has seen a mark reads the cells that came with it; the cells may be seen a moment before.
     */
    Optional<Mark> mark(SpaceId space, ReplicaId replica);

    /**
     * What was written, and purged, after a cursor.
     *
     * <p><b>S-6</b> Following the pages until {@code more} is false takes a reader from {@code after} to the last page's cursor. Pages may repeat cells; they never omit any, whatever is written meanwhile.
     * <b>S-7</b> Who has followed until {@code more} is false holds a state that existed. A batch is not split: a page holds at least one, and otherwise about {@code limit} cells or {@link #PAGE_BYTES}, whichever comes first.
     * <b>S-8</b> A cursor that was not given out by this space's store, or is older than what the log holds, is refused as {@link StoreException.Kind#CURSOR_EXPIRED}.
     * <b>S-9</b> Cursors survive restarts, and stay within {@link Cursor#MAX_LENGTH} however many there are. <b>S-19</b> Who follows them over a purge ends with what a scan finds.
     *
     * @param limit about how many cells a page holds, at least 1
     */
    Changes changes(SpaceId space, Cursor after, int limit);

    /** How far a cursor goes: cheap, whatever the log's length. <b>S-16</b> It agrees with what {@link #changes} and {@link #join} do with the cursor, and does not throw for any. */
    CursorState check(SpaceId space, Cursor cursor);

    /** A cursor of now. <b>S-10</b> A scan that starts later, followed by the changes after this cursor, misses nothing. */
    Cursor head(SpaceId space);

    /**
     * Pages through every document, dead ones too.
     *
     * <p><b>S-11</b> Every document that was there when the first page was read and is not changed meanwhile is on exactly one page. Writers are not held up. A scan can be resumed from any of its
     * positions, also after a restart. A document is not split: a page holds at least one, and otherwise about {@code limit} cells or {@link #PAGE_BYTES}, whichever comes first.
     *
     * @param position where to go on; null for the first page
     * @param limit about how many cells a page holds, at least 1
     */
    Scan scan(SpaceId space, @Nullable Cursor position, int limit);

    /** The number of documents that a scan finds, for a progress bar; may be an estimate. */
    long count(SpaceId space);

    /**
     * Calls a listener soon after a space has changed.
     *
     * <p><b>S-12</b> A hint: calls may be merged, repeated, late or missing, come on any thread, and must return at once and not throw. Who polls is right without it. Closing a subscription waits for no call that is under way: a listener may need a lock under which it is closed.
     * Closing the store calls every listener once more.
     */
    Subscription watch(SpaceId space, Runnable listener);

    /** The space's metadata. */
    Metadata metadata(SpaceId space);

    /** What an operator does with this store. */
    Maintenance maintenance();

    /** Closes the store. <b>S-13</b> Closing twice does nothing; later calls throw {@link StoreException.Kind#CLOSED}, and listeners are called, so that who waits finds out. */
    @Override
    void close();
}
