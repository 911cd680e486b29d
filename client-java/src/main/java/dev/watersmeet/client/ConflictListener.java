package dev.watersmeet.client;

import dev.watersmeet.crdt.Conflict;
import dev.watersmeet.crdt.DocumentId;

/**
 * Is told where an edit of this replica that was not settled yet met one from elsewhere, and one of the two is lost (M-38, M-39). Merging has been done by then: there is nothing to decide, but
 * something to show, or to keep.
 */
@FunctionalInterface
public interface ConflictListener {
    /**
     * Called by the thread that calls {@link ReplicaClient#sync()}, without a lock: documents may be read and edited here. What it throws is logged.
     *
     * @param document the document in which the edits met
     * @param conflict what won and what lost, by whom and when
     */
    void onConflict(DocumentId document, Conflict conflict);
}
