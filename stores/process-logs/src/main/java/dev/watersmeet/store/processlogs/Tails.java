package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.MarkRecord.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Completes logs beyond their tips, in the place of writers that are gone or slow: decides which of the entries count, and writes their cells. Whoever does so does the same, so that it does not matter who else does.
 * Thread-safe.
 */
final class Tails {
    /** How many entries are completed at once, at most. */
    static final int CHUNK = 200;

    private final Backend backend;
    private final Controls controls;

    Tails(Backend backend, Controls controls) {
        this.backend = backend;
        this.controls = controls;
    }

    /**
     * Completes a log as far as it was written.
     *
     * @param tip where to begin
     * @param allowed asked after entries were read, and before they are completed: whether they count, wherever their log will be cut
     * @return up to where it is complete
     */
    long complete(SpaceKey space, long generation, long log, long tip, BooleanSupplier allowed) {
        long done = tip;
        while (true) {
            List<byte[]> entries = backend.entries(space, log, done, CHUNK);
            if (entries.isEmpty() || !allowed.getAsBoolean()) {
                return done;
            }
            Map<DocumentId, DocumentState> cells = new LinkedHashMap<>();
            for (byte[] bytes : entries) {
                done++;
                if (bytes.length > 0) {
                    Entry entry = Entry.parse(bytes);
                    if (counts(space, new Position(generation, log, done), entry)) {
                        gather(entry, cells);
                    }
                }
            }
            backend.join(space, generation, documents(cells));
            backend.raiseTip(space, generation, log, done);
        }
    }

    /**
     * Writes the cells of a log's complete entries once more, which changes nothing where they are.
     *
     * @param tip up to where it is complete
     */
    void writeAnew(SpaceKey space, long generation, long log, long tip) {
        long done = 0;
        while (done < tip) {
            List<byte[]> entries = backend.entries(space, log, done, (int) Math.min(CHUNK, tip - done));
            if (entries.isEmpty()) {
                return; // the copy lacks them
            }
            done += entries.size();
            Map<DocumentId, DocumentState> cells = new LinkedHashMap<>();
            entries.stream().filter(bytes -> bytes.length > 0).forEach(bytes -> gather(Entry.parse(bytes), cells));
            backend.join(space, generation, documents(cells));
        }
    }

    private static void gather(Entry entry, Map<DocumentId, DocumentState> cells) {
        entry.documents().forEach(delta -> cells.computeIfAbsent(delta.id(), id -> DocumentState.empty())
                .join(delta.cells()));
    }

    private static List<DocumentCells> documents(Map<DocumentId, DocumentState> cells) {
        List<DocumentCells> documents = new ArrayList<>(cells.size());
        cells.forEach((id, state) -> documents.add(new DocumentCells(id, state)));
        return documents;
    }

    /** Whether an entry counts, and ever will: it is annulled if not. */
    boolean counts(SpaceKey space, Position position, Entry entry) {
        @Nullable Mark mark = entry.mark();
        if (mark == null || tookRecord(space, position, entry, mark)) {
            return true;
        }
        backend.annul(space, position.log(), position.sequence());
        return false;
    }

    /** Whether a replica's record was moved to an entry's mark. If it has not been it never will: then nobody can any more. */
    private boolean tookRecord(SpaceKey space, Position position, Entry entry, Mark mark) {
        RecordKey key = RecordKey.mark(space, mark.replica());
        while (true) {
            @Nullable Versioned stored = backend.record(key, true);
            MarkRecord record = MarkRecord.parse(stored);
            if (record.position().equals(position)) {
                return true;
            }
            if ((stored == null ? 0 : stored.version()) != entry.base()) {
                // Moved on, or moved elsewhere. Nobody moves it on before the entry is complete, so the tip, read after
                // the record, tells.
                return isCompletedWithEffect(space, position);
            }
            if (backend.compareAndSet(key, stored, Versioned.of(controls.draw(), record.toBytes()))) {
                return false;
            }
        }
    }

    private boolean isCompletedWithEffect(SpaceKey space, Position position) {
        long tip = backend.tips(space, position.generation()).getOrDefault(position.log(), 0L);
        List<byte[]> entry = tip < position.sequence()
                ? List.of()
                : backend.entries(space, position.log(), position.sequence() - 1, 1);
        if (entry.isEmpty() && !controls.isKept(space, position.generation())) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "it is not known any more whether a batch counts, so long did it take; join it again");
        }
        return !entry.isEmpty() && entry.get(0).length > 0;
    }
}
