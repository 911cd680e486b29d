package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.LogWriter.Appended;
import dev.watersmeet.store.processlogs.MarkRecord.Position;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Joins batches: appends them to this process's log, looks whether the generation is still open, takes the replica's record if there is a mark, writes the cells, raises the log's tip. In this order: the log first, so that
 * somebody else can complete what a process leaves undone; the look between, so that nothing is written after a purge has found out what there is. Thread-safe.
 */
final class Joining {
    private static final int MAX_ATTEMPTS = 200;
    private static final int STRIPES = 256;

    private final Backend backend;
    private final Controls controls;
    private final Turns turns;
    private final Logs logs;
    private final Marks marks;
    private final ReentrantLock[] replicas = new ReentrantLock[STRIPES];

    Joining(Backend backend, Controls controls, Turns turns, Logs logs, Marks marks) {
        this.backend = backend;
        this.controls = controls;
        this.turns = turns;
        this.logs = logs;
        this.marks = marks;
        for (int i = 0; i < STRIPES; i++) {
            replicas[i] = new ReentrantLock();
        }
    }

    Cursor join(Space space, Batch batch) {
        if (batch.mark() == null) {
            return joinOne(space, batch);
        }
        // One push of a replica at a time in this process: the others would only fail to take the record.
        ReentrantLock replica = replicas[Math.floorMod(batch.mark().replica().hashCode(), STRIPES)];
        replica.lock();
        try {
            return joinOne(space, batch);
        } finally {
            replica.unlock();
        }
    }

    private Cursor joinOne(Space space, Batch batch) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Held held = attempt == 0 ? controls.recent(space) : turns.open(space);
            boolean open = held.control().alive() && held.control().open();
            Optional<Cursor> joined = tryJoin(space, open ? held : turns.open(space), batch);
            if (joined.isPresent()) {
                return joined.get();
            }
        }
        throw new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "others were faster " + MAX_ATTEMPTS + " times in " + space.id + "; try again later");
    }

    /** Joins a batch; empty if somebody else was faster, and it has to be tried again. */
    private Optional<Cursor> tryJoin(Space space, Held recent, Batch batch) {
        Held held = recent;
        Optional<Point> basis = basis(space, held, batch);
        if (batch.basis() != null && basis.isEmpty()) {
            held = turns.open(space); // what was read before may be too old
            basis = Optional.of(basis(space, held, batch).orElseThrow(() -> Point.expired(batch.basis())));
        }
        LogWriter log = logs.writer(space, held);
        if (!log.isOf(held)) {
            return Optional.empty();
        }
        VersionVector depends = basis.filter(point -> point.generation() == log.generation())
                .map(Point::read)
                .orElse(VersionVector.EMPTY);
        @Nullable Mark mark = batch.mark();
        if (mark == null) {
            return append(space, log, new Entry(0, depends, batch.documents(), null, 0), null);
        }
        @Nullable Versioned stored = backend.record(RecordKey.mark(log.space(), mark.replica()), false);
        MarkRecord record = MarkRecord.parse(stored);
        batch.checkFormer(record.former());
        marks.complete(space, held, record.position());
        boolean replaces = mark.replaces(record.former());
        Entry entry = new Entry(
                0,
                depends.join(own(space, held, record.position())),
                batch.documents(),
                replaces ? mark : null,
                stored == null ? 0 : stored.version());
        return append(space, log, entry, stored);
    }

    /** The point that a batch is based on, if that is current. */
    private Optional<Point> basis(Space space, Held held, Batch batch) {
        return batch.basis() == null || Point.state(batch.basis(), held.control()) != CursorState.CURRENT
                ? Optional.empty()
                : Point.parse(batch.basis(), held.control()).filter(point -> logs.hold(space, held, point));
    }

    /** Where the replica's batch before this one is, if it is in this generation. */
    private VersionVector own(Space space, Held held, Position position) {
        if (position.generation() != held.control().generation()) {
            return VersionVector.EMPTY;
        }
        int log = held.control().logs().indexOf(position.log());
        if (log < 0) { // registered since
            log = controls.refresh(space).control().logs().indexOf(position.log());
        }
        return log < 0 ? VersionVector.EMPTY : VersionVector.EMPTY.with(log, position.sequence());
    }

    private Optional<Cursor> append(Space space, LogWriter log, Entry draft, @Nullable Versioned record) {
        Optional<Appended> appended = log.append(draft);
        if (appended.isEmpty()) {
            return Optional.empty();
        }
        try {
            Held now = appended.get().after();
            if (isOf(log, now) && !now.control().open()) {
                now = turns.open(space);
            }
            return isOf(log, now)
                    ? apply(space, log, appended.get(), now, record)
                    : afterTurn(log, appended.get(), now);
        } catch (RuntimeException | Error e) {
            log.end(); // who completes it will find out what counts
            throw e;
        }
    }

    private static boolean isOf(LogWriter log, Held now) {
        return now.control().life() == log.space().life() && now.control().generation() == log.generation();
    }

    /** Takes the record and writes the cells of an entry that is in an open generation: wherever that is cut, the entry is in it. */
    private Optional<Cursor> apply(
            Space space, LogWriter log, Appended appended, Held now, @Nullable Versioned record) {
        Entry entry = appended.entry();
        long sequence = appended.sequence();
        Position position = new Position(log.generation(), log.id(), sequence);
        if (entry.mark() != null && !marks.move(log.space(), record, position, entry)) {
            log.finish(sequence);
            return Optional.empty();
        }
        backend.join(log.space(), log.generation(), entry.documents(), appended.documents());
        log.finish(sequence);
        log.awaitTip(sequence);
        return Optional.of(cursor(log, logs.knownTips(space, log, now).with(log.number(), sequence)));
    }

    /** What became of an entry whose generation has ended meanwhile: within the cut it was completed, beyond it never counts. */
    private Optional<Cursor> afterTurn(LogWriter log, Appended appended, Held now) {
        if (now.control().life() != log.space().life()) {
            return Optional.empty(); // erased; written anew
        }
        Turn turn = turns.ended(log.space(), log.generation()).orElseThrow(Joining::forgotten);
        long sequence = appended.sequence();
        if (sequence > turn.cut().get(log.number())) {
            log.end();
            return Optional.empty();
        }
        log.finish(sequence);
        List<byte[]> entry = backend.entries(log.space(), log.id(), sequence - 1, 1);
        if (entry.isEmpty()) {
            throw forgotten(); // trimmed since
        }
        boolean counts = entry.get(0).length > 0; // otherwise annulled, for its mark came too late
        return counts ? Optional.of(cursor(log, turn.cut())) : Optional.empty();
    }

    private static StoreException forgotten() {
        return new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "it is not known any more whether a batch counts, so long did it take; join it again");
    }

    private static Cursor cursor(LogWriter log, VersionVector read) {
        return new Point(log.epoch(), log.generation(), read, 0).cursor();
    }
}
