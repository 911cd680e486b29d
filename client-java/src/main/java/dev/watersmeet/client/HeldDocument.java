package dev.watersmeet.client;

import dev.watersmeet.crdt.Conflict;
import dev.watersmeet.crdt.Document;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Restamping;
import dev.watersmeet.crdt.Sent;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.PushedDocument;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A document in its two layers, and what is left of it on a server that has lost it, or some of it. Guarded by the replica's lock.
 *
 * <p>A document that the server has purged while an edit of it is pending, or has lost since it was put back to an older copy (P-23), is uploaded whole (P-9). Until then its delivered layer keeps what it was, so that cells which
 * another replica uploads of it meet the same totals and are not counted twice.
 */
final class HeldDocument {
    private final Document document = Document.empty();

    /** What the server is known to hold of a document that is to be uploaded whole; null if it is not to be. */
    private @Nullable DocumentState remainder;

    /** Whether the server has withdrawn the document: then what a push of it brings is not held either (P-22). */
    private boolean withdrawn;

    /** Whether there is something to be pushed. */
    boolean isPending() {
        return document.isPending() || remainder != null;
    }

    /** Whether there are edits of this replica that are not settled. */
    boolean isEdited() {
        return document.isPending();
    }

    DocumentState joined() {
        return document.joined();
    }

    void edit(DocumentState cells) {
        document.edit(cells);
    }

    List<Conflict> receive(DocumentState cells) {
        if (remainder != null) {
            remainder.join(cells);
        }
        return document.receive(cells);
    }

    /** A page has all of the document (P-22). What was acknowledged while it was on its way stays; what was held of a document that the server had lost does not. */
    List<Conflict> receiveAll(DocumentState cells) {
        withdrawn = false;
        if (remainder != null) {
            return replace(cells);
        }
        return document.receive(cells);
    }

    /** The server has withdrawn the document (P-22). What is pending stays, and is judged when it is pushed. */
    void withdraw() {
        replace(DocumentState.empty());
        withdrawn = true;
    }

    /** A snapshot shows the document. */
    List<Conflict> replace(DocumentState cells) {
        remainder = null;
        withdrawn = false;
        return document.replaceDelivered(cells);
    }

    /**
     * A snapshot does not show the document.
     *
     * @return whether there is anything left of it: an edit that is pending and not deleted, or a document that the server never had
     */
    boolean missing() {
        if (document.delivered().isEmpty()) {
            return document.isPending();
        }
        remainder = DocumentState.empty();
        return DocumentState.of(document.pending()).alive();
    }

    /** A snapshot of a server that was put back to an older copy shows the document: what that has not is kept, to be offered again (P-23). */
    List<Conflict> keep(DocumentState cells) {
        if (cells.holds(DocumentState.of(document.delivered()))) {
            return replace(cells);
        }
        remainder = cells.copy(); // delivered keeps what it was: a page may come again, or the whole snapshot
        return document.receive(cells);
    }

    private DocumentState known() {
        return remainder == null ? DocumentState.of(document.delivered()) : remainder;
    }

    /**
     * A snapshot of a server that was put back to an older copy does not show the document (P-23).
     *
     * @return whether there is anything of it
     */
    boolean keepMissing() {
        if (document.delivered().isEmpty()) {
            return document.isPending();
        }
        remainder = DocumentState.empty();
        return true;
    }

    /**
     * A purge has dropped cells of the document (P-21).
     *
     * @return whether there is anything left of it
     */
    boolean drop(DocumentState dropped) {
        DocumentState left = known().without(dropped);
        if (remainder != null) {
            remainder = left;
            return !left.isEmpty() || document.joined().alive();
        }
        if (left.isEmpty()) {
            return missing();
        }
        document.drop(dropped);
        return true;
    }

    /** @param own the replica that sends it */
    PushedDocument.Readable send(DocumentId id, ReplicaId own) {
        DocumentState pending = document.send();
        boolean whole = remainder != null;
        return new PushedDocument.Readable(new DocumentCells(id, whole ? document.whole(own) : pending), whole);
    }

    void settle() {
        document.settle();
        remainder = null;
        if (withdrawn) {
            withdraw();
        }
    }

    /** A push that was given up has been accepted, after all. */
    void settle(Sent accepted, boolean whole) {
        document.settle(accepted);
        if (whole) {
            remainder = null;
        }
        if (withdrawn) {
            withdraw();
        }
    }

    /** What was written in a push that was given up has arrived: it has come back. */
    void settleWritten(Sent arrived) {
        document.settleWritten(arrived);
    }

    /** What was written in a push that was given up has arrived, as far as is known, and a twin has written over it. */
    void settleOverwritten(Sent arrived) {
        document.settleOverwritten(arrived);
    }

    /** What was prepared to be sent was not. */
    void cancel() {
        document.cancel();
    }

    /** What was sent has not been accepted, as far as is known. */
    Sent unsend() {
        return withdrawn ? document.unsendForgotten() : document.unsend();
    }

    /** What was sent and not accepted never will be. */
    void forgetAbandoned() {
        document.forgetAbandoned();
    }

    /** What the server is known to hold, and what it says that it has dropped: by that is told whether a push that was given up has arrived. */
    DocumentState known(DocumentState dropped) {
        DocumentState held = known().copy();
        held.join(dropped);
        return held;
    }

    /** The stamps of a replica above one in what is pending. */
    Set<Stamp> pendingStamps(ReplicaId own, Stamp above) {
        return document.pendingStamps(own, above);
    }

    void restamp(Restamping restamping) {
        document.restamp(restamping);
    }

    /** Goes back to what the server holds. */
    void reject() {
        document.reject();
        if (remainder != null) {
            replace(remainder);
        }
    }
}
