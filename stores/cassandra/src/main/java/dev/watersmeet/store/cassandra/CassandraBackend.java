package dev.watersmeet.store.cassandra;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.processlogs.Backend;
import dev.watersmeet.store.processlogs.RecordKey;
import dev.watersmeet.store.processlogs.Slice;
import dev.watersmeet.store.processlogs.SpaceKey;
import dev.watersmeet.store.processlogs.Versioned;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a store needs of Cassandra. Records are changed by lightweight transactions, each in a partition of its own; all else is written blindly. */
final class CassandraBackend implements Backend {
    /** A page of a purge, and an entry with its mark, have to stay below half of a segment of the commit log: 16 MiB by default, where a character takes up to three bytes. */
    private static final Limits LIMITS = new Limits(Limits.LARGEST_CELL_BYTES, 4 << 20, 4 << 20, 20_000, 1 << 20);

    private static final String RECORD =
            "SELECT version, body FROM %s.record WHERE space = ? AND life = ? AND kind = ? AND name = ?";
    private static final String INSERT_RECORD = "INSERT INTO %s.record (space, life, kind, name, version, body)"
            + " VALUES (?, ?, ?, ?, ?, ?) IF NOT EXISTS";
    private static final String UPDATE_RECORD = "UPDATE %s.record SET version = ?, body = ?"
            + " WHERE space = ? AND life = ? AND kind = ? AND name = ? IF version = ?";
    private static final String DELETE_RECORD =
            "DELETE FROM %s.record WHERE space = ? AND life = ? AND kind = ? AND name = ? IF version = ?";
    private static final String TIPS =
            "SELECT log, sequence FROM %s.tip WHERE space = ? AND life = ? AND generation = ?";
    private static final String RAISE_TIP = "INSERT INTO %s.tip (space, life, generation, log, sequence)"
            + " VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?"; // of the sequence: the greatest stays
    private static final String PUT_PAGE =
            "INSERT INTO %s.page (space, life, generation, attempt, number, body) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String PAGE = "SELECT body FROM %s.page WHERE space = ? AND life = ? AND generation = ?"
            + " AND attempt = ? AND number = ?";

    private final Statements statements;
    private final Inventory inventory;
    private final Entries entries;
    private final Cells cells;
    private final Runnable closing;

    /** @param closing what is done at the end */
    CassandraBackend(CqlSession session, CassandraOptions options, Runnable closing) {
        this.closing = closing;
        statements = new Statements(session, options);
        entries = new Entries(statements);
        cells = new Cells(statements);
        inventory = new Inventory(statements, entries);
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public @Nullable Versioned record(RecordKey key, boolean settled) {
        Object[] names = {key.space().name(), key.life(), key.kind().name(), name(key)};
        @Nullable
        Row row = settled
                ? statements.settledRow(RECORD, names)
                : statements.run(RECORD, names).one();
        return row == null || row.isNull("version")
                ? null
                : Versioned.of(row.getLong("version"), Rows.bytes(row, "body"));
    }

    private static ByteBuffer name(RecordKey key) {
        return ByteBuffer.wrap(key.name().getBytes(UTF_8));
    }

    @Override
    public boolean compareAndSet(RecordKey key, @Nullable Versioned expected, @Nullable Versioned replacement) {
        String space = key.space().name();
        String kind = key.kind().name();
        if (replacement == null) {
            return expected != null
                    && statements.runIf(DELETE_RECORD, space, key.life(), kind, name(key), expected.version());
        }
        ByteBuffer body = ByteBuffer.wrap(replacement.bytes());
        if (expected == null) {
            if (key.life() != 0) {
                inventory.note(new SpaceKey(key.space(), key.life()), kind, name(key));
            }
            return statements.runIf(INSERT_RECORD, space, key.life(), kind, name(key), replacement.version(), body);
        }
        return statements.runIf(
                UPDATE_RECORD, replacement.version(), body, space, key.life(), kind, name(key), expected.version());
    }

    @Override
    public void enlist(SpaceKey space) {
        inventory.enlist(space);
    }

    @Override
    public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
        return inventory.spaces(after, limit);
    }

    @Override
    public void erase(SpaceKey space) {
        cells.erase(space);
        inventory.erase(space);
    }

    @Override
    public void append(SpaceKey space, long log, long first, List<byte[]> bodies) {
        if (first == 1) {
            inventory.noteLog(space, log);
        }
        entries.append(space, log, first, bodies);
    }

    @Override
    public void annul(SpaceKey space, long log, long sequence) {
        entries.annul(space, log, sequence);
    }

    @Override
    public List<byte[]> entries(SpaceKey space, long log, long after, int limit) {
        return entries.read(space, log, after, limit);
    }

    @Override
    public Map<Long, Long> tips(SpaceKey space, long generation) {
        Map<Long, Long> tips = new HashMap<>();
        for (Row row : statements.rows(TIPS, space.space().name(), space.life(), generation)) {
            tips.put(row.getLong("log"), row.getLong("sequence"));
        }
        return tips;
    }

    @Override
    public void raiseTip(SpaceKey space, long generation, long log, long sequence) {
        inventory.noteGeneration(space, generation);
        statements.run(RAISE_TIP, space.space().name(), space.life(), generation, log, sequence, sequence);
    }

    @Override
    public void join(SpaceKey space, long generation, Collection<DocumentCells> documents) {
        cells.join(space, generation, documents);
    }

    @Override
    public void drop(SpaceKey space, long generation, Collection<DocumentId> documents) {
        cells.drop(space, generation, documents);
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceKey space, Collection<DocumentId> documents) {
        return cells.read(space, documents);
    }

    @Override
    public Slice scan(SpaceKey space, @Nullable String from, int limit) {
        return cells.scan(space, from, limit);
    }

    @Override
    public long count(SpaceKey space) {
        return cells.count(space);
    }

    @Override
    public void putPage(SpaceKey space, long generation, long attempt, int index, byte[] page) {
        inventory.noteGeneration(space, generation);
        statements.run(PUT_PAGE, space.space().name(), space.life(), generation, attempt, index, ByteBuffer.wrap(page));
    }

    @Override
    public byte @Nullable [] page(SpaceKey space, long generation, long attempt, int index) {
        @Nullable
        Row row = statements
                .run(PAGE, space.space().name(), space.life(), generation, attempt, index)
                .one();
        return row == null ? null : Rows.bytes(row, "body");
    }

    @Override
    public void trim(SpaceKey space, long generation, Collection<Long> logs) {
        logs.forEach(log -> inventory.deleteLog(space, log));
        inventory.deleteGeneration(space, generation);
    }

    @Override
    public void close() {
        closing.run();
    }
}
