package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Purging;
import dev.watersmeet.store.embedded.Database.Family;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * One purge of a space, in parts: each an entry of the log that drops what it names in the same step. Documents are looked for beside the writers, and decided on by the committer, when nobody writes. At the end the log
 * up to the horizon goes, in one range. One purge runs at a time, and none while its space is deleted. A purge that is interrupted has dropped a part, and can be repeated.
 */
final class Purge {
    private static final int MAX_PART_DOCUMENTS = 500;
    private static final long MAX_PART_BYTES = 1L << 20;

    private final Database database;
    private final Committer committer;
    private final Writes writes;
    private final byte[] space;
    private final SpaceHead head;
    private final long horizon;
    private final WrittenSince younger;
    private Purged purged = Purged.NOTHING;

    private Purge(
            Database database, Committer committer, Writes writes, byte[] space, SpaceHead head, long before, long seed)
            throws RocksDBException {
        this.database = database;
        this.committer = committer;
        this.writes = writes;
        this.space = space;
        this.head = head;
        this.horizon = lastRecordedBefore(before);
        this.younger = new WrittenSince(database, space, horizon, head.last(), seed);
    }

    /**
     * Purges a space.
     *
     * @param head the head of its log
     * @param before Unix milliseconds: what was recorded then or later stays
     * @param seed of the filter that tells what was
     */
    static Purged run(
            Database database, Committer committer, Writes writes, byte[] space, SpaceHead head, long before, long seed)
            throws RocksDBException {
        Purge purge = new Purge(database, committer, writes, space, head, before, seed);
        purge.younger.readTo(head.last());
        purge.dropAll();
        purge.trim();
        return purge.purged;
    }

    /** The sequence of the last entry that was recorded before a time: times never decrease within an epoch, and entries of former ones count as recorded when this one began. */
    private long lastRecordedBefore(long millis) throws RocksDBException {
        long low = head.fence();
        long high = head.last();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            byte @Nullable [] entry = database.get(Family.LOG, Keys.entry(space, middle));
            if (entry == null) {
                throw MalformedException.of("a log has all entries up to its last", "none at " + middle);
            }
            if ((middle <= head.former() ? head.renewed() : LogEntry.time(entry)) < millis) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private void dropAll() throws RocksDBException {
        List<byte[]> part = new ArrayList<>();
        long bytes = 0;
        DocumentReader reader = new DocumentReader();
        try (Range cells = database.range(Family.CELLS, space, Keys.end(space))) {
            while (cells.valid()) {
                committer.requireOpen();
                byte[] document = Keys.documentOf(cells.key(), space.length);
                DocumentCells droppable = droppable(document, reader.read(cells, document));
                if (!droppable.cells().isEmpty()) {
                    part.add(document);
                    bytes += PageBudget.bytes(droppable);
                }
                if (part.size() >= MAX_PART_DOCUMENTS || bytes >= MAX_PART_BYTES) {
                    drop(part);
                    part.clear();
                    bytes = 0;
                }
            }
        }
        drop(part);
    }

    private DocumentCells droppable(byte[] document, DocumentState state) {
        return new DocumentCells(
                Keys.parseDocument(document, space.length),
                Purging.droppable(state, path -> !younger.mayHave(Keys.cell(document, path))));
    }

    private void drop(List<byte[]> documents) throws RocksDBException {
        if (!documents.isEmpty()) {
            List<byte[]> part = List.copyOf(documents);
            catchUp();
            committer.commit(Write.reading(space, (batch, before, now) -> drop(part, batch, before, now)));
        }
    }

    /** Reads what was written meanwhile, so that little is left to be read while all writers wait. */
    private void catchUp() throws RocksDBException {
        byte @Nullable [] stored = database.get(Family.DEFAULT, space);
        if (stored != null) {
            younger.readTo(SpaceHead.parse(stored).last());
        }
    }

    /** Runs while nobody else writes: what it reads is all that there is. */
    private SpaceHead drop(List<byte[]> documents, WriteBatch batch, SpaceHead before, long now)
            throws RocksDBException {
        younger.readTo(before.last());
        List<DocumentCells> dropped = new ArrayList<>();
        DocumentReader reader = new DocumentReader();
        try (Range cells = database.range(Family.CELLS, space, Keys.end(space))) {
            for (byte[] document : documents) {
                cells.seek(document);
                DocumentState state = reader.read(cells, document);
                DocumentCells gone = droppable(document, state);
                if (!gone.cells().isEmpty()) {
                    dropped.add(gone);
                    boolean whole = gone.cells().size() == state.size();
                    purged = purged.plus(new Purged(whole ? 1 : 0, gone.cells().size()));
                    for (Path path : gone.cells().cells().keySet()) {
                        batch.delete(database.handle(Family.CELLS), Keys.cell(document, path));
                    }
                }
            }
        }
        if (dropped.isEmpty()) {
            return before;
        }
        SpaceHead after = before.nextPurge(now);
        writes.append(batch, space, after, LogEntry.ofPurge(dropped));
        return after;
    }

    private void trim() throws RocksDBException {
        if (horizon > head.fence()) {
            committer.commit(Write.blind(space, 0, (batch, before, now) -> {
                batch.deleteRange(database.handle(Family.LOG), space, Keys.entry(space, horizon + 1));
                return before.withFence(horizon);
            }));
        }
        if (horizon > head.fence() || purged.cells() > 0) {
            database.compact(space, Keys.end(space));
        }
    }
}
