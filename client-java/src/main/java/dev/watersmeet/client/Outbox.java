package dev.watersmeet.client;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The documents with pending edits, and the numbered pushes that carry them: one is on its way at a time, and is the same until it is settled (P-4). Guarded by the replica's lock. */
final class Outbox {
    static final int MAX_DOCUMENTS = FormatLimits.MAX_PUSH_DOCUMENTS / 2;
    static final int MAX_CELLS = FormatLimits.MAX_PUSH_CELLS / 2;
    static final int MAX_BYTES = FormatLimits.MAX_BODY_BYTES / 2;

    /** What a push has besides its documents, generously. */
    private static final int ENVELOPE_BYTES = 8 << 10;

    private final Replica replica;
    private final RandomGenerator random;

    /** In the order in which they became pending, so that each gets its turn. */
    private final Set<DocumentId> waiting = new LinkedHashSet<>();

    /** At most so many documents go into the next push: fewer after one that was too large, until nothing is pending. */
    private int most = MAX_DOCUMENTS;

    private @Nullable Push flight;
    private long lastNumber;
    private @Nullable String lastNonce;

    /** The nonce of a push that was given up: it may still have arrived. */
    private @Nullable String abandonedNonce;

    Outbox(Replica replica, RandomGenerator random) {
        this.replica = replica;
        this.random = random;
    }

    /** The number of documents with pending edits. */
    int size() {
        return waiting.size();
    }

    /** The number of documents in the push that is on its way. */
    int inFlight() {
        return flight == null ? 0 : flight.documents().size();
    }

    /** Takes note of whether a document has pending edits. */
    void refresh(DocumentId id, HeldDocument held) {
        if (held.isPending()) {
            waiting.add(id);
        } else {
            waiting.remove(id);
        }
    }

    void forget(DocumentId id) {
        waiting.remove(id);
    }

    /** The push to send: the one on its way, else a new one of what is pending, else null. */
    @Nullable
    Push next() {
        if (flight == null) {
            List<PushedDocument> documents = takeOff();
            if (documents.isEmpty()) {
                most = MAX_DOCUMENTS;
            } else {
                flight = new Push(lastNumber + 1, nonce(), lastNonce, documents);
            }
        }
        return flight;
    }

    /** A stamp's text happens to be that of 128 random bits, too. */
    private String nonce() {
        return new Stamp(random.nextLong(), new ReplicaId(random.nextLong())).toString();
    }

    /** Marks what is pending as sent, up to the limits of a push (P-15). A document's pending cells are never split (P-8). */
    private List<PushedDocument> takeOff() {
        List<PushedDocument> documents = new ArrayList<>();
        int cells = 0;
        long bytes = 0;
        for (DocumentId id : List.copyOf(waiting)) {
            HeldDocument held = replica.held(id);
            PushedDocument.Readable pushed = held.send(id, replica.id());
            int size = pushed.document().cells().size();
            long length = bytes(pushed.document());
            if (size > FormatLimits.MAX_DOCUMENT_CELLS || length > FormatLimits.MAX_BODY_BYTES - ENVELOPE_BYTES) {
                refuse(tooLarge(id, size, length), held); // nobody could take it, and it would hold up all others
                continue;
            }
            boolean fits = documents.size() < most && cells + size <= MAX_CELLS && bytes + length <= MAX_BYTES;
            if (!fits && !documents.isEmpty()) {
                held.unsend();
                break;
            }
            documents.add(pushed);
            cells += size;
            bytes += length;
        }
        return documents;
    }

    /** At most this long is a document in a message, in bytes. */
    private static long bytes(DocumentCells document) {
        long bytes =
                3L * document.id().collection().length() + document.id().id().bytes() + 64;
        for (var entry : document.cells().cells().entrySet()) {
            bytes += 3L * entry.getKey().text().length() + 40;
            if (entry.getValue().value() != null) {
                bytes += entry.getValue().value().bytes();
            }
        }
        return bytes;
    }

    private static Rejection tooLarge(DocumentId id, int cells, long bytes) {
        String detail = "the pending edits of " + id + " have " + cells + " cells and about " + bytes
                + " bytes; a document has at most " + FormatLimits.MAX_DOCUMENT_CELLS + " cells, and a push "
                + FormatLimits.MAX_BODY_BYTES + " bytes";
        return new Rejection(id, RejectionCode.TOO_LARGE, detail);
    }

    /**
     * Settles what was sent by the last push that the server accepted (P-6): if that is the one on its way, its documents are delivered or rejected; if not, it was not accepted, and what it carried
     * goes into a new one.
     *
     * @param restored whether the server was put back to an older copy: it may then have forgotten pushes (P-23)
     * @throws ProblemException {@code replica-cloned} if the last accepted push is somebody else's
     */
    void settle(@Nullable PushOutcome last, boolean restored) {
        boolean forgotten = restored && last != null && last.number() < lastNumber;
        if (last != null && !forgotten && !isOwn(last.nonce())) {
            String detail = "push " + last.number() + " of this replica id was taken from somebody else";
            throw new ProblemException(new Problem(ProblemCode.REPLICA_CLONED, detail, last));
        }
        Push landed = flight;
        if (landed != null) {
            boolean accepted = last != null && last.nonce().equals(landed.nonce());
            if (!accepted) {
                abandonedNonce = landed.nonce();
            }
            land(landed, accepted ? requireNonNull(last).rejected() : null);
        }
        flight = null;
        lastNumber = last == null ? 0 : last.number();
        lastNonce = last == null ? null : last.nonce();
    }

    /**
     * The push on its way was refused as a whole, because it is too large: its number is not used up, and what it carried goes into smaller ones. A document that is too large by itself is rejected (P-7).
     *
     * @param restored as in {@link #settle}
     * @return whether there was a push on its way, and the problem is that it is too large
     */
    boolean split(Problem problem, boolean restored) {
        Push refused = flight;
        if (refused == null || problem.code() != ProblemCode.TOO_LARGE) {
            return false;
        }
        PushOutcome last = problem.last();
        if (last != null && last.nonce().equals(refused.nonce())) {
            settle(last, restored); // it was sent before, and accepted then
            return true;
        }
        flight = null;
        abandonedNonce = refused.nonce();
        int size = refused.documents().size();
        if (size > 1) {
            land(refused, null);
            most = size / 2;
        } else {
            DocumentId alone = refused.documents().get(0).id();
            land(refused, List.of(new Rejection(alone, RejectionCode.TOO_LARGE, problem.detail())));
            most = MAX_DOCUMENTS; // what was too large is found
        }
        return true;
    }

    private boolean isOwn(String nonce) {
        return nonce.equals(lastNonce)
                || nonce.equals(abandonedNonce)
                || (flight != null && nonce.equals(flight.nonce()));
    }

    /** @param rejected what was rejected of an accepted push; null if the push was not accepted */
    private void land(Push push, @Nullable List<Rejection> rejected) {
        if (rejected == null) {
            push.documents().forEach(document -> replica.held(document.id()).unsend());
            return;
        }
        Map<DocumentId, Rejection> verdicts = new HashMap<>();
        rejected.forEach(rejection -> verdicts.put(rejection.id(), rejection));
        for (PushedDocument document : push.documents()) {
            DocumentId id = document.id();
            HeldDocument held = replica.held(id);
            waiting.remove(id); // what was edited in flight goes to the end
            Rejection rejection = verdicts.get(id);
            if (rejection != null) {
                refuse(rejection, held);
            } else {
                held.settle();
                refresh(id, held);
            }
        }
    }

    private void refuse(Rejection rejection, HeldDocument held) {
        replica.keepRejected(rejection, held);
        held.reject();
        refresh(rejection.id(), held);
    }
}
