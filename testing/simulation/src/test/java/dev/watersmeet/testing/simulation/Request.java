package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request as a server reads it.
 *
 * @param principal who asks
 * @param replica for which replica
 * @param message what is pushed and pulled; null if it asks for a page of a snapshot
 * @param position where the snapshot goes on
 * @param answers the form of the answer
 * @param wire what stands between
 */
record Request(
        String principal,
        ReplicaId replica,
        @Nullable SyncRequest message,
        @Nullable String position,
        MessageForm answers,
        Wire wire) {
    @Override
    public String toString() {
        if (message == null) {
            return position == null ? "snapshot" : "snapshot from " + position;
        }
        Push push = message.push();
        String pushed = push == null
                ? ""
                : "push " + push.number() + " of "
                        + push.documents().stream()
                                .map(document -> document.id().id() + (isWhole(document) ? " whole" : ""))
                                .toList()
                        + ", ";
        return pushed + "pull from " + message.cursor();
    }

    private static boolean isWhole(PushedDocument document) {
        return document instanceof PushedDocument.Readable readable && readable.whole();
    }
}
