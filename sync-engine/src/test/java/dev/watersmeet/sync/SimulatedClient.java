package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.SCHEMA;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.Document;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A client as the merge format asks for it: two layers a document, one numbered push in flight, settling before anything else. */
final class SimulatedClient {
    /** What becomes of a round trip. */
    enum Fate {
        ANSWERED,
        REQUEST_LOST,
        ANSWER_LOST
    }

    final Map<DocumentId, Document> documents = new TreeMap<>();
    private final ServerUnderTest server;
    private final Principal principal;
    private final ReplicaId replica;
    private final HybridLogicalClock clock;
    private @Nullable String cursor;
    private @Nullable Push inFlight;
    private boolean behind;
    private @Nullable String lastNonce;
    private long lastNumber;

    SimulatedClient(ServerUnderTest server, long id, TimeSource time) {
        this.server = server;
        this.principal = new Principal("client " + id);
        this.replica = new ReplicaId(id);
        this.clock = HybridLogicalClock.of(time, replica);
    }

    Optional<Value> record(DocumentId id) {
        return document(id).record(SCHEMA);
    }

    private Document document(DocumentId id) {
        return documents.computeIfAbsent(id, key -> Document.empty());
    }

    boolean isSettled() {
        return inFlight == null && documents.values().stream().noneMatch(Document::isPending);
    }

    /** Edits a document as an application does: what was read, changed and put back. Null deletes. */
    void edit(DocumentId id, UnaryOperator<@Nullable Value> change) {
        Document document = document(id);
        DocumentState stands = document.joined();
        clock.observe(stands);
        Value put = change.apply(Records.read(stands, SCHEMA).orElse(null));
        CollectionSchema schema = SCHEMA;
        document.edit(
                put == null
                        ? Records.delete(stands, schema, clock.tick())
                        : Records.put(stands, schema, clock.tick(), put));
    }

    /** Forgets where it was, as after a problem that asks for a snapshot. */
    void forgetCursor() {
        cursor = null;
    }

    /** Pushes what is pending and pulls what is new, in one round trip. */
    void sync(Fate fate) {
        try {
            if (cursor == null) {
                readSnapshot();
            }
            Push push = behind ? null : push();
            SyncRequest request = new SyncRequest(replica, cursor, true, push);
            if (fate == Fate.REQUEST_LOST) {
                return;
            }
            SyncAnswer answer = server.engine.sync(principal, SPACE, request);
            if (fate == Fate.ANSWER_LOST) {
                return;
            }
            settle(answer.push());
            receive(answer.changes());
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            if (code != ProblemCode.RESYNC && code != ProblemCode.PURGED) {
                throw e;
            }
            settle(e.problem().last());
            if (code == ProblemCode.RESYNC) {
                cursor = null;
            } else {
                behind = true;
                giveUp();
            }
        }
    }

    /** What was sent was not accepted: it goes into another push (P-21). */
    private void giveUp() {
        if (inFlight != null) {
            inFlight.documents().forEach(pushed -> document(pushed.id()).unsend());
            inFlight = null;
        }
    }

    /** What is in flight, again, or else what is pending. */
    private @Nullable Push push() {
        if (inFlight == null) {
            List<PushedDocument> pending = new ArrayList<>();
            documents.forEach((id, document) -> {
                if (document.isPending()) {
                    pending.add(new PushedDocument.Readable(new DocumentCells(id, document.send()), false));
                }
            });
            if (!pending.isEmpty()) {
                long number = lastNumber + 1;
                inFlight = new Push(number, new Stamp(number, replica).toString(), lastNonce, pending);
            }
        }
        return inFlight;
    }

    private void settle(@Nullable PushOutcome last) {
        if (inFlight == null || last == null || last.number() != inFlight.number()) {
            return;
        }
        Set<DocumentId> rejected =
                new HashSet<>(last.rejected().stream().map(Rejection::id).toList());
        for (PushedDocument pushed : inFlight.documents()) {
            if (rejected.contains(pushed.id())) {
                document(pushed.id()).reject();
            } else {
                document(pushed.id()).settle();
            }
        }
        lastNumber = last.number();
        lastNonce = last.nonce();
        inFlight = null;
    }

    private void receive(@Nullable Page page) {
        if (page != null) {
            page.documents().forEach(delta -> document(delta.id()).receive(delta.cells()));
            page.dropped().forEach(delta -> document(delta.id()).drop(delta.cells()));
            behind &= page.more();
            cursor = page.cursor();
        }
    }

    private void readSnapshot() {
        Map<DocumentId, DocumentState> snapshot = new TreeMap<>();
        String position = null;
        SnapshotPage page;
        do {
            page = server.engine.snapshot(principal, SPACE, replica, position);
            page.documents().forEach(document -> snapshot.put(document.id(), document.cells()));
            position = page.position();
        } while (position != null);
        settle(page.last());
        Set<DocumentId> all = new HashSet<>(documents.keySet());
        all.addAll(snapshot.keySet());
        all.forEach(id -> document(id).replaceDelivered(snapshot.getOrDefault(id, DocumentState.empty())));
        cursor = page.cursor();
    }
}
