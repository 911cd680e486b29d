package dev.watersmeet.client;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Sent;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The documents with pending edits, and the numbered pushes that carry them: one is on its way at a time, and is the same until it is settled (P-4). Guarded by the replica's lock. */
final class Outbox {
    static final int MAX_DOCUMENTS = FormatLimits.MAX_PUSH_DOCUMENTS / 2;
    static final int MAX_CELLS = FormatLimits.MAX_PUSH_CELLS / 2;
    static final int MAX_BYTES = FormatLimits.MAX_BODY_BYTES / 2;

    /** How many pushes in a row that were given up are kept. */
    private static final int MAX_ABANDONED = 16;

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

    /** The pushes that were given up since the last one that was accepted, the oldest first: one of them may have arrived. */
    private final Deque<Abandoned> abandoned = new ArrayDeque<>();

    /** Whether there were more of them than are kept. */
    private boolean moreAbandoned;

    /** The number of the last push that was accepted from a twin of this replica; 0 where none is known. */
    private long twinNumber;

    /** The documents that were refused as from the future, and not settled since: their stamps are, or are to be, taken back. */
    private final Set<DocumentId> corrected = new HashSet<>();

    /** A push that was given up, and what it carried of the documents of which that is not known yet. */
    private record Abandoned(Push push, Map<DocumentId, Sent> sent) {
        /** Whether the document that it carried was all that there was of it (P-9). */
        boolean isWhole(DocumentId id) {
            return push.documents().stream()
                    .anyMatch(document -> document.id().equals(id)
                            && document instanceof PushedDocument.Readable readable
                            && readable.whole());
        }
    }

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
        if (flight == null && !hasTwin()) {
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
                held.cancel();
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
     * goes into a new one. If the last accepted push is somebody else's, this replica has a twin, and nothing is settled by that (P-28).
     *
     * @param restored whether the server was put back to an older copy: it may then have forgotten pushes (P-23)
     */
    void settle(@Nullable PushOutcome last, boolean restored) {
        boolean forgotten = restored && last != null && last.number() < lastNumber;
        if (hasTwin()) {
            return;
        }
        if (last != null && !forgotten && !isOwn(last.nonce())) {
            abandonFlight();
            twinNumber = last.number();
            return;
        }
        Push landed = flight;
        if (landed != null && last != null && last.nonce().equals(landed.nonce())) {
            land(landed, last.rejected(), (id, held) -> held.settle());
        } else {
            abandonFlight();
            settleAbandoned(last);
        }
        flight = null;
        lastNumber = last == null ? 0 : last.number();
        lastNonce = last == null ? null : last.nonce();
    }

    /** Settles a push that was given up, and was accepted after all. */
    private void settleAbandoned(@Nullable PushOutcome last) {
        abandoned.stream()
                .filter(given -> last != null && given.push.nonce().equals(last.nonce()))
                .findFirst()
                .ifPresent(given -> land(
                        given.push,
                        requireNonNull(last).rejected(),
                        (id, held) -> held.settle(requireNonNull(given.sent.get(id)), given.isWhole(id))));
    }

    /** Gives up the push that is on its way, if there is one: what it carried goes into a new one. */
    private void abandonFlight() {
        Push given = flight;
        if (given == null) {
            return;
        }
        Map<DocumentId, Sent> sent = new HashMap<>();
        for (PushedDocument document : given.documents()) {
            HeldDocument held = replica.held(document.id());
            sent.put(document.id(), held.unsend());
        }
        abandoned.addLast(new Abandoned(given, sent));
        if (abandoned.size() > MAX_ABANDONED) {
            abandoned.removeFirst();
            moreAbandoned = true;
        }
        flight = null;
    }

    /** Whether somebody else pushes under this replica's id: nothing more may be pushed under it. */
    boolean hasTwin() {
        return twinNumber > 0;
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
        abandonFlight();
        int size = refused.documents().size();
        if (size > 1) {
            most = size / 2;
        } else {
            DocumentId alone = refused.documents().get(0).id();
            refuse(new Rejection(alone, RejectionCode.TOO_LARGE, problem.detail()), replica.held(alone));
            most = MAX_DOCUMENTS; // what was too large is found
        }
        return true;
    }

    private boolean isOwn(String nonce) {
        return nonce.equals(lastNonce)
                || (flight != null && nonce.equals(flight.nonce()))
                || abandoned.stream().anyMatch(given -> nonce.equals(given.push.nonce()));
    }

    /**
     * A push was accepted: those of the same number that were given up never will be.
     *
     * @param settle settles a document of it
     */
    private void land(Push push, List<Rejection> rejected, BiConsumer<DocumentId, HeldDocument> settle) {
        Map<DocumentId, Rejection> verdicts = new HashMap<>();
        rejected.forEach(rejection -> verdicts.put(rejection.id(), rejection));
        for (PushedDocument document : push.documents()) {
            DocumentId id = document.id();
            HeldDocument held = replica.find(id);
            if (held == null) {
                continue; // forgotten since the push was given up
            }
            waiting.remove(id); // what was edited in flight goes to the end
            Rejection rejection = verdicts.get(id);
            if (rejection != null && rejection.code() == RejectionCode.STAMP_FROM_FUTURE && corrected.add(id)) {
                held.unsend(); // once: what no correction helps must not be kept for ever
                held.forgetAbandoned();
                refresh(id, held);
            } else if (rejection != null) {
                refuse(rejection, held);
            } else {
                corrected.remove(id);
                if (document instanceof PushedDocument.Readable accepted) {
                    replica.accepted(accepted.document().cells());
                }
                settle.accept(id, held);
                refresh(id, held);
            }
        }
        forgetAbandoned();
    }

    private void forgetAbandoned() {
        abandoned.stream()
                .flatMap(given -> given.sent.keySet().stream())
                .map(replica::find)
                .filter(Objects::nonNull)
                .forEach(HeldDocument::forgetAbandoned);
        abandoned.clear();
        moreAbandoned = false;
    }

    /** The cells that may have arrived without this replica's knowing. */
    void eachInDoubt(Consumer<DocumentState> action) {
        Stream<Push> flying = Stream.ofNullable(flight);
        Stream.concat(flying, abandoned.stream().map(Abandoned::push))
                .flatMap(push -> push.documents().stream())
                .filter(PushedDocument.Readable.class::isInstance)
                .forEach(document -> action.accept(
                        ((PushedDocument.Readable) document).document().cells()));
    }

    // A twin (P-28)

    /**
     * Settles what was sent of a document before the twin was found, if it has arrived: what was read since shows that. A push whose number the twin has taken has not.
     *
     * @param dropped what of the document a purge has dropped, and was not read
     */
    void settleArrived(DocumentId id, HeldDocument held, DocumentState dropped) {
        for (Iterator<Abandoned> latest = abandoned.descendingIterator(); latest.hasNext(); ) {
            Abandoned given = latest.next();
            Sent sent = given.sent.get(id);
            boolean mayHave = moreAbandoned || given.push.number() != twinNumber;
            if (sent != null && mayHave && settled(held, sent, held.known(dropped))) {
                abandoned.forEach(other -> other.sent.remove(id));
                return;
            }
        }
    }

    /** Settles what was sent of a document if it has arrived. Returns whether it has. */
    private boolean settled(HeldDocument held, Sent sent, DocumentState known) {
        Optional<Stamp> echo = sent.echo(known);
        if (echo.isPresent()) {
            replica.accepted(echo.get());
            held.settleWritten(sent);
        } else if (sent.isOverwritten(known)) {
            held.settleOverwritten(sent);
        } else {
            return false;
        }
        return true;
    }

    /** Goes on under an id that has pushed nothing. */
    void startAnew() {
        forgetAbandoned();
        twinNumber = 0;
        lastNumber = 0;
        lastNonce = null;
    }

    private void refuse(Rejection rejection, HeldDocument held) {
        corrected.remove(rejection.id());
        replica.keepRejected(rejection, held);
        held.reject();
        refresh(rejection.id(), held);
    }
}
