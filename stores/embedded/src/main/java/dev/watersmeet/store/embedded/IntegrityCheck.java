package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.embedded.Database.Family;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** One check of all that is stored: checksums of files; of each space the log without holes, cells that can be read, and no logged cell above the stored one. */
final class IntegrityCheck {
    private static final int PAGE_SPACES = 1000;

    private final Database database;
    private final Reader reader;
    private final List<String> problems = new ArrayList<>();
    private long spaces;
    private long cells;
    private long entries;

    private IntegrityCheck(Database database) {
        this.database = database;
        this.reader = new Reader(database);
    }

    static Integrity run(Database database) {
        IntegrityCheck check = new IntegrityCheck(database);
        check.attempt("the files", () -> database.rocks().verifyChecksum());
        check.attempt("the list of spaces", check::spaces);
        return new Integrity(check.spaces, check.cells, check.entries, check.problems);
    }

    private interface Part {
        void run() throws RocksDBException;
    }

    private void attempt(String what, Part part) {
        try {
            part.run();
        } catch (RocksDBException | MalformedException | IllegalArgumentException | BufferUnderflowException e) {
            problem(what + " cannot be read: " + e.getMessage());
        }
    }

    private void problem(String problem) {
        if (hasRoom()) {
            problems.add(problem);
        }
    }

    private boolean hasRoom() {
        return problems.size() < Integrity.MAX_PROBLEMS;
    }

    private void spaces() throws RocksDBException {
        List<SpaceId> page = reader.spaces(null, PAGE_SPACES);
        while (!page.isEmpty() && hasRoom()) {
            for (SpaceId space : page) {
                spaces++;
                attempt("the cells of the space " + space, () -> cells(Keys.space(space)));
                attempt("the log of the space " + space, () -> log(space));
            }
            page = reader.spaces(page.get(page.size() - 1), PAGE_SPACES);
        }
    }

    private void cells(byte[] space) throws RocksDBException {
        try (Range range = database.range(Family.CELLS, space, Keys.end(space))) {
            while (range.valid() && hasRoom()) {
                byte[] key = range.key();
                byte[] document = Keys.documentOf(key, space.length);
                Keys.parseDocument(document, space.length);
                Keys.parsePath(key, document.length);
                CellBytes.parse(range.value());
                cells++;
                range.next();
            }
        }
    }

    private void log(SpaceId id) throws RocksDBException {
        byte[] space = Keys.space(id);
        @Nullable SpaceHead head = reader.head(id);
        if (head == null) {
            return; // deleted meanwhile
        }
        long sequence = head.fence();
        try (Range range = database.range(Family.LOG, Keys.entry(space, sequence + 1), Keys.end(space))) {
            while (sequence < head.last() && hasRoom()) {
                sequence++;
                if (!range.valid() || !Arrays.equals(range.key(), Keys.entry(space, sequence))) {
                    @Nullable SpaceHead now = reader.head(id);
                    if (now == null || now.fence() >= sequence || now.epoch() != head.epoch()) {
                        return; // deleted or purged meanwhile
                    }
                    problem("the log of the space " + id + " has no entry " + sequence);
                    return;
                }
                entry(id, head, sequence, range.value());
                entries++;
                range.next();
            }
        }
    }

    private void entry(SpaceId id, SpaceHead head, long sequence, byte[] entry) {
        boolean dropped = LogEntry.isPurge(entry) || sequence < head.purged();
        LogEntry.forEach(entry, (document, path, cell, bytes) -> {
            if (!dropped) {
                attempt("a cell of " + document, () -> compare(id, head, document, path, cell));
            }
        });
    }

    private void compare(SpaceId id, SpaceHead head, DocumentId document, Path path, Cell logged)
            throws RocksDBException {
        byte[] space = Keys.space(id);
        byte @Nullable [] stored = database.get(Family.CELLS, Keys.cell(Keys.document(space, document), path));
        if (stored == null || Arrays.compareUnsigned(stored, CellBytes.of(logged)) < 0) {
            @Nullable SpaceHead now = reader.head(id);
            if (now != null && now.epoch() == head.epoch() && now.purged() == head.purged()) {
                problem("the cell at " + path + " of " + document + " in the space " + id
                        + " is below what the log has brought");
            }
        }
    }
}
