package dev.watersmeet.client;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.Conflict;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Restamping;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.SnapshotPage;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the replica holds, in memory, under one lock that is never held while the network is waited for. Thread-safe. */
final class Replica {
    /** How far ahead of the server's time pending stamps may be, in milliseconds: half of what the server bears (P-8). */
    private static final long BEARABLE_MILLIS = 30_000;

    private static final Logger log = LoggerFactory.getLogger(Replica.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Schema schema;
    private final TimeSource time;
    private final RandomGenerator random;
    private final HeldDocuments documents = new HeldDocuments();
    private final RejectedEdits rejected = new RejectedEdits();
    private final Reading reading = new Reading();
    private final Outbox outbox;

    private HybridLogicalClock clock;

    /** The greatest stamp, in time, that was received, or was accepted of this replica's. */
    private Stamp known;

    /** The greatest stamp of this replica's own that the server has accepted. */
    private Stamp accepted;

    Replica(Schema schema, TimeSource time, RandomGenerator random) {
        this.schema = schema;
        this.time = time;
        this.random = random;
        this.clock = HybridLogicalClock.of(time, ReplicaId.random(random));
        this.known = clock.highWater();
        this.accepted = clock.highWater();
        this.outbox = new Outbox(this, random);
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    ReplicaId id() {
        return locked(() -> clock.replica());
    }

    CollectionSchema schema(String collection) {
        return schema.collection(collection);
    }

    // What applications do

    Optional<Value> read(DocumentId id) {
        return locked(() -> {
            HeldDocument held = documents.find(id);
            return held == null ? Optional.<Value>empty() : Records.read(held.joined(), schema(id.collection()));
        });
    }

    /** The records of a collection, by id. */
    NavigableMap<Value, Value> records(String collection) {
        return locked(() -> {
            NavigableMap<Value, Value> records = new TreeMap<>();
            documents.of(collection).forEach((id, held) -> Records.read(held.joined(), schema(collection))
                    .ifPresent(record -> records.put(id, record)));
            return records;
        });
    }

    /** @param edit the cells of an edit of what stands, under a stamp */
    void write(DocumentId id, BiFunction<DocumentState, Stamp, DocumentState> edit) {
        locked(() -> {
            HeldDocument known = documents.find(id);
            DocumentState stands = known == null ? DocumentState.empty() : known.joined();
            DocumentState cells = edit.apply(stands, clock.tick());
            if (!cells.isEmpty()) {
                HeldDocument held = documents.hold(id);
                held.edit(cells);
                outbox.refresh(id, held);
            }
        });
    }

    int pending() {
        return locked(outbox::size);
    }

    List<RejectedEdit> rejected() {
        return locked(rejected::list);
    }

    List<RejectedEdit> takeRejected() {
        return locked(rejected::take);
    }

    // What the exchange does

    @Nullable
    Push nextPush() {
        return locked(outbox::next);
    }

    /** At most how many documents there are to be pushed: one that was edited since it was sent goes twice. */
    int due() {
        return locked(() -> outbox.size() + outbox.inFlight());
    }

    void settle(@Nullable PushOutcome last) {
        locked(() -> outbox.settle(last, reading.ofRestored()));
    }

    /** Pushes less at once where a problem asks for that (P-7). Returns whether it does. */
    boolean split(Problem problem) {
        return locked(() -> outbox.split(problem, reading.ofRestored()));
    }

    /** Up to where this replica has read; null until a snapshot is complete. */
    @Nullable
    String cursor() {
        return locked(reading::cursor);
    }

    /** Where the snapshot goes on; null at its beginning. */
    @Nullable
    String position() {
        return locked(reading::position);
    }

    /** Whether a snapshot is to be read, or to be read on. */
    boolean needsSnapshot() {
        return locked(reading::needsSnapshot);
    }

    /** Nothing goes on from where this replica stands. The next thing to do is a snapshot, from its beginning; or to ask again, if it was of a server that had been put back. */
    void startOver() {
        locked(reading::startOver);
    }

    /** The server was put back to an older copy: the next thing to do is a snapshot, of which nothing is lost (P-23). */
    void keepWhatIsLost() {
        locked(reading::keepWhatIsLost);
    }

    /** Before a snapshot of a server that was put back is begun, it is asked for again: it may have purged something since it was told of. */
    void askAgain() {
        locked(reading::askAgain);
    }

    /** Whether a push is on its way of which it is not known what became. */
    boolean isUnsettled() {
        return locked(() -> outbox.inFlight() > 0);
    }

    /**
     * Joins what has changed, and drops what was purged.
     *
     * @return the conflicts with edits that are pending, by document (M-38)
     */
    Map<DocumentId, List<Conflict>> apply(Page page) {
        return locked(() -> {
            Map<DocumentId, List<Conflict>> conflicts = apply(
                    page.documents(),
                    (held, document) -> page.complete().contains(document.id())
                            ? held.receiveAll(document.cells())
                            : held.receive(document.cells()));
            page.withdrawn().forEach(this::withdraw);
            page.dropped().forEach(this::drop);
            reading.movedTo(page.cursor());
            return conflicts;
        });
    }

    private void drop(DocumentCells dropped) {
        HeldDocument held = documents.find(dropped.id());
        if (held == null) {
            return;
        }
        if (outbox.hasTwin()) {
            outbox.settleArrived(dropped.id(), held, dropped.cells());
        }
        if (held.drop(dropped.cells())) {
            outbox.refresh(dropped.id(), held);
        } else {
            documents.remove(dropped.id());
            outbox.forget(dropped.id());
        }
    }

    private Map<DocumentId, List<Conflict>> apply(
            List<DocumentCells> received, BiFunction<HeldDocument, DocumentCells, List<Conflict>> meeting) {
        Map<DocumentId, List<Conflict>> conflicts = new LinkedHashMap<>();
        for (DocumentCells document : received) {
            observe(document.cells());
            HeldDocument held = documents.hold(document.id());
            List<Conflict> met = meeting.apply(held, document);
            if (!met.isEmpty()) {
                conflicts.merge(document.id(), met, (a, b) -> Stream.concat(a.stream(), b.stream())
                        .toList());
            }
            outbox.refresh(document.id(), held);
        }
        return conflicts;
    }

    private void withdraw(DocumentId id) {
        HeldDocument held = documents.find(id);
        if (held != null) {
            held.withdraw();
            outbox.refresh(id, held);
        }
    }

    /**
     * A snapshot replaces what was delivered and is not joined with it (P-12).
     *
     * @return the conflicts with edits that are pending, by document (M-38)
     */
    Map<DocumentId, List<Conflict>> apply(SnapshotPage page) {
        return locked(() -> {
            Map<DocumentId, List<Conflict>> conflicts = apply(
                    page.documents(),
                    (held, document) ->
                            reading.ofRestored() ? held.keep(document.cells()) : held.replace(document.cells()));
            if (reading.took(page)) {
                sweep();
                reading.finished(page);
            }
            return conflicts;
        });
    }

    private void observe(DocumentState cells) {
        clock.observe(cells);
        cells.forEach((path, cell) -> see(cell.stamp()));
    }

    private void see(Stamp stamp) {
        known = stamp.isAfter(known) ? stamp : known;
    }

    // Other stamps (P-28)

    /**
     * Takes back what a clock that ran ahead put into stamps: those of pending edits that are too far ahead of the server's time are exchanged for stamps of now, with all others that nobody can have seen.
     *
     * @return whether there were any
     */
    boolean correctStamps() {
        return locked(() -> {
            if (clock.highWater().millis() <= time.millis() + BEARABLE_MILLIS) {
                return false;
            }
            Stamp[] seen = {known};
            outbox.eachInDoubt(cells ->
                    cells.forEach((path, cell) -> seen[0] = cell.stamp().isAfter(seen[0]) ? cell.stamp() : seen[0]));
            if (!clock.highWater().isAfter(seen[0])) {
                return false;
            }
            ReplicaId own = clock.replica();
            Set<Stamp> unseen = new HashSet<>();
            documents.all().forEach(held -> unseen.addAll(held.pendingStamps(own, seen[0])));
            clock = HybridLogicalClock.resume(time, own, seen[0]); // what was issued above is taken back
            Restamping restamping = Restamping.anew(own, seen[0], unseen, clock::tick);
            documents.all().forEach(held -> held.restamp(restamping));
            return !unseen.isEmpty();
        });
    }

    /** Whether somebody else pushes under this replica's id: all is to be read, and then another id to be taken. */
    boolean hasTwin() {
        return locked(outbox::hasTwin);
    }

    /** Goes on under a new id, with what is delivered and what is pending. */
    void takeNewId() {
        locked(() -> {
            ReplicaId from = clock.replica();
            ReplicaId to = ReplicaId.random(random);
            documents.forEach((id, held) -> outbox.settleArrived(id, held, DocumentState.empty()));
            Restamping restamping = Restamping.to(from, to, accepted);
            outbox.startAnew();
            documents.all().forEach(held -> held.restamp(restamping));
            documents.forEach(outbox::refresh);
            clock = HybridLogicalClock.resume(time, to, clock.highWater());
            accepted = new Stamp(0, to);
            log.info("replica {} has a twin, which pushes under the same id: this one goes on as {}", from, to);
        });
    }

    /** Drops what the server no longer has, unless an edit of it is pending, or it was put back. */
    private void sweep() {
        documents.removeIf((id, held) -> {
            if (reading.hasShown(id)) {
                return false;
            }
            if (reading.ofRestored() ? held.keepMissing() : held.missing()) {
                outbox.refresh(id, held);
                return false;
            }
            outbox.forget(id);
            return true;
        });
    }

    // What the outbox does, under the lock

    /** The server has taken cells that were sent. */
    void accepted(DocumentState cells) {
        cells.forEach((path, cell) -> accepted(cell.stamp()));
    }

    /** The server has taken an edit. */
    void accepted(Stamp stamp) {
        see(stamp);
        accepted = stamp.replica().equals(clock.replica()) && stamp.isAfter(accepted) ? stamp : accepted;
    }

    /** A document that is known to be held. */
    HeldDocument held(DocumentId id) {
        return documents.held(id);
    }

    @Nullable
    HeldDocument find(DocumentId id) {
        return documents.find(id);
    }

    /** Keeps an edit that is about to be taken back. */
    void keepRejected(Rejection rejection, HeldDocument held) {
        if (held.isEdited()) {
            rejected.keep(
                    rejection, Records.read(held.joined(), schema(rejection.id().collection())));
        } else {
            log.warn("what the server had lost of {} was refused: {}", rejection.id(), rejection.detail());
        }
    }
}
