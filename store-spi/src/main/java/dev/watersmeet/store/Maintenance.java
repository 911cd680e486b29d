package dev.watersmeet.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator does with a store, while it is in use: it blocks, may take long, and may be repeated after a failure. Thread-safe. Part of {@link Store}'s contract. */
public interface Maintenance {
    /**
     * The spaces that there are, in the order of their names.
     *
     * <p><b>S-22</b> Every space that something was joined to, or that has metadata, is listed once; one that was deleted, or was never named, is not.
     *
     * @param after the last space of the page before; null for the first page
     * @param limit how many spaces a page holds at most, at least 1; who gets fewer has them all
     */
    List<SpaceId> spaces(@Nullable SpaceId after, int limit);

    /**
     * Erases a space with all that belongs to it: documents, log, marks, metadata.
     *
     * <p><b>S-23</b> When this returns, nothing of it is left for any instance, all its cursors and positions have expired, also if the space is written to anew, and its listeners are called. What is written
     * meanwhile is erased, or is of the new space with its mark: it is one step for all of these. Other spaces stay. Erasing what is not there does nothing.
     */
    void deleteSpace(SpaceId space);

    /**
     * Forgets removals and dead documents that were recorded before an instant.
     *
     * <p><b>S-18</b> What goes is what {@link Purging} tells, and of that only cells which no batch has brought at or after the instant, by the time of the log: never by their stamps, which foreign clocks have made.
     * It goes at once for every instance, whatever these hold in memory, and nothing that is written meanwhile goes with it. <b>S-19</b> A purge is an entry of the log, or several, which names what it dropped, and is not to
     * be seen later than what it does: see {@link Changes}. It never splits a document that goes as a whole. <b>S-20</b> It moves the space's fence: cursors from before it are {@link CursorState#BEFORE_PURGE} or
     * {@link CursorState#EXPIRED}; those that cover what was recorded before the instant go on to be followed. Marks and metadata stay, whatever of the log is trimmed.
     *
     * @param before the purge's horizon; what was recorded then or later stays
     * @throws StoreException of kind {@code UNSUPPORTED} where {@link Capability#PURGE} is not claimed
     */
    Purged purge(SpaceId space, Instant before);

    /**
     * Gives a space a new epoch: to be called once for each space after the data were put back from an older copy, before anybody uses them; and after the clock of a server has jumped ahead and back.
     *
     * <p><b>S-21</b> All earlier cursors and positions of the space end, those of the copy as well as those that were given out after it was made: nothing goes on from them; documents, marks and metadata stay.
     * The log's time begins anew: it never runs backwards within an epoch, so a clock that has once jumped ahead would keep what is recorded from ever being purged. All that was recorded before counts as recorded at the renewal.
     * <b>S-25</b> A cursor of the epoch that the renewal has ended, also one that was given out after the copy was made, is {@link CursorState#BEFORE_RENEWAL} if it covers all that the copy had purged, until the next purge or renewal of
     * the space. Every other cursor of an earlier epoch is {@link CursorState#EXPIRED}.
     */
    void renewEpoch(SpaceId space);
}
