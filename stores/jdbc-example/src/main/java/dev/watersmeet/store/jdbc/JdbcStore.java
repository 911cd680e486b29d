package dev.watersmeet.store.jdbc;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capabilities;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.store.Watchers;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store on a SQL database, which many instances may share: the example of {@code docs/write-a-store.md}. Written for H2, and tested on it; the guide tells what other databases need.
 *
 * <p>Each cell is a row that knows the number of the batch which brought it. So the cells are the log as well: what changed after a cursor are the rows with greater numbers, each cell at its newest value. Who writes to a space
 * holds its row until the transaction ends; so numbers become visible in their order, and no reader passes a late one by (S-6).
 */
public final class JdbcStore implements Store {
    private static final String DOCUMENT = "SELECT * FROM cell WHERE space = ? AND document = ?";
    private static final String CELL = DOCUMENT + " AND path_key = ?";
    private static final String INSERT_CELL = "INSERT INTO cell (space, document, path_key, number, recorded, bytes,"
            + " collection, id, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String UPDATE_CELL =
            "UPDATE cell SET number = ?, recorded = ?, bytes = ? WHERE space = ? AND document = ? AND path_key = ?";
    private static final String BETWEEN = " FROM cell WHERE space = ? AND number > ? AND number <= ?"
            + " ORDER BY space, number"; // as the index is sorted
    private static final String BATCHES = "SELECT number, OCTET_LENGTH(bytes)" + BETWEEN + " FETCH FIRST ? ROWS ONLY";
    private static final String CELLS_OF_BATCHES = "SELECT *" + BETWEEN;
    private static final String DOCUMENTS = "SELECT document, OCTET_LENGTH(bytes) FROM cell WHERE space = ?"
            + " AND document > ? ORDER BY space, document FETCH FIRST ? ROWS ONLY";
    private static final String CELLS_OF_DOCUMENTS =
            "SELECT * FROM cell WHERE space = ? AND document > ? AND document <= ? ORDER BY space, document";
    private static final String COUNT = "SELECT COUNT(DISTINCT document) FROM cell WHERE space = ?";
    private static final String NEXT_PURGE = "SELECT number FROM dropped WHERE space = ? AND number > ? AND number <= ?"
            + " ORDER BY space, number FETCH FIRST 1 ROWS ONLY";
    private static final String DROPPED = "SELECT * FROM dropped WHERE space = ? AND number = ?";
    private static final String MARK =
            "SELECT principal, number, nonce, outcome FROM mark WHERE space = ? AND replica = ?";
    private static final String DELETE_MARK = "DELETE FROM mark WHERE space = ? AND replica = ?";
    private static final String INSERT_MARK =
            "INSERT INTO mark (space, replica, principal, number, nonce, outcome) VALUES (?, ?, ?, ?, ?, ?)";

    private static final Capabilities CAPABILITIES = new Capabilities(
            Set.of(Capability.DURABLE, Capability.SHARED_BY_INSTANCES, Capability.PURGE),
            new Limits(1_000_000, 8 << 20, 8 << 20, 20_000, 1_000_000)); // a VARBINARY and a VARCHAR have a megabyte

    private final DataSource database;
    private final Watchers watchers = new Watchers();
    private final Spaces spaces;
    private volatile boolean closed;

    private JdbcStore(DataSource database, TimeSource time) {
        this.database = database;
        this.spaces = new Spaces(time);
    }

    /** Opens the store of a database, creating its tables where they are not there. The data source stays the caller's to close. */
    public static JdbcStore open(DataSource database) {
        return open(requireNonNull(database), TimeSource.system());
    }

    static JdbcStore open(DataSource database, TimeSource time) {
        Tables.create(database);
        return new JdbcStore(database, time);
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        CAPABILITIES.limits().check(batch);
        Cursor cursor = transaction(sql -> {
            SpaceRow before = spaces.lock(sql, space);
            if (batch.basis() != null && SpaceRow.state(before, batch.basis()) != CursorState.CURRENT) {
                throw SpaceRow.expired(batch.basis());
            }
            @Nullable Mark mark = batch.mark();
            FormerMark held = mark == null ? FormerMark.NONE : FormerMark.of(mark(sql, space, mark.replica()));
            batch.checkFormer(held);
            SpaceRow row = before.next(spaces.now());
            for (DocumentCells document : batch.documents()) {
                merge(sql, space, document, row);
            }
            if (mark != null && mark.replaces(held)) {
                put(sql, space, mark);
            }
            spaces.update(sql, space, row);
            return row.cursor(row.last());
        });
        watchers.wake(space);
        return cursor;
    }

    /** Keeps the greater cell at each path (S-3): bytes compare as cells do. */
    private static void merge(Sql sql, SpaceId space, DocumentCells document, SpaceRow row) throws SQLException {
        String key = CellRows.key(document.id());
        String collection = document.id().collection();
        String id = document.id().id().text();
        for (var cell : document.cells().cells().entrySet()) {
            String path = CellRows.key(cell.getKey());
            byte[] bytes = CellBytes.of(cell.getValue());
            List<byte[]> held = sql.list(CELL, found -> found.getBytes("bytes"), space.name(), key, path);
            if (held.isEmpty()) {
                String text = cell.getKey().text();
                sql.update(
                        INSERT_CELL, space.name(), key, path, row.last(), row.recorded(), bytes, collection, id, text);
            } else if (Arrays.compareUnsigned(bytes, held.get(0)) > 0) {
                sql.update(UPDATE_CELL, row.last(), row.recorded(), bytes, space.name(), key, path);
            }
        }
    }

    /** The mark goes with the cells, in their transaction (S-5). */
    private static void put(Sql sql, SpaceId space, Mark mark) throws SQLException {
        String replica = mark.replica().toString();
        sql.update(DELETE_MARK, space.name(), replica);
        sql.update(INSERT_MARK, space.name(), replica, mark.principal(), mark.number(), mark.nonce(), mark.outcome());
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
        return snapshot(sql -> {
            Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
            for (DocumentId id : documents) {
                sql.query(DOCUMENT, CellRows::documents, space.name(), CellRows.key(id))
                        .forEach(document -> found.put(document.id(), document.cells()));
            }
            return found;
        });
    }

    @Override
    public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
        return transaction(sql -> mark(sql, space, replica));
    }

    private static Optional<Mark> mark(Sql sql, SpaceId space, ReplicaId replica) throws SQLException {
        Sql.Rows<Mark> row = found ->
                new Mark(replica, found.getString(1), found.getLong(2), found.getString(3), found.getString(4));
        return sql.list(MARK, row, space.name(), replica.toString()).stream().findFirst();
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        return snapshot(sql -> {
            @Nullable SpaceRow row = spaces.find(sql, space);
            long from = SpaceRow.number(row, after);
            return changes(sql, space, requireNonNull(row), from, limit);
        });
    }

    /** The batches up to the next purge, if there are any before it; else the purge. */
    private static Changes changes(Sql sql, SpaceId space, SpaceRow row, long from, int limit) throws SQLException {
        long next = sql.query(NEXT_PURGE, rows -> rows.next() ? rows.getLong(1) : 0L, space.name(), from, row.last());
        long end = next == 0 ? row.last() : next - 1;
        CellRows.Reach reach =
                sql.query(BATCHES, rows -> CellRows.Reach.of(rows, limit), space.name(), from, end, limit + 1L);
        if (reach.last().isEmpty() && next != 0) {
            List<DocumentCells> dropped = sql.query(DROPPED, CellRows::documents, space.name(), next);
            return Changes.purged(dropped, row.cursor(next), next < row.last());
        }
        long to = reach.all() ? end : Long.parseLong(reach.last());
        CellRows.Page page =
                sql.query(CELLS_OF_BATCHES, rows -> CellRows.Page.of(rows, "number", limit), space.name(), from, to);
        long last = page.last() == null ? to : Long.parseLong(page.last());
        return Changes.written(page.documents(), row.cursor(last), last < row.last());
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        return transaction(sql -> SpaceRow.state(spaces.find(sql, space), cursor));
    }

    @Override
    public Cursor head(SpaceId space) {
        return transaction(sql -> {
            SpaceRow row = spaces.findOrCreate(sql, space);
            return row.cursor(row.last());
        });
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        return snapshot(sql -> {
            @Nullable SpaceRow row = spaces.find(sql, space);
            String after = position == null ? "" : SpaceRow.document(row, position);
            if (row == null) {
                return new Scan(List.of(), null);
            }
            CellRows.Reach reach =
                    sql.query(DOCUMENTS, rows -> CellRows.Reach.of(rows, limit), space.name(), after, limit + 1L);
            CellRows.Page page = sql.query(
                    CELLS_OF_DOCUMENTS,
                    rows -> CellRows.Page.of(rows, "document", limit),
                    space.name(),
                    after,
                    reach.last());
            String last = page.last() == null ? reach.last() : page.last();
            boolean all = page.last() == null && reach.all();
            return new Scan(page.documents(), all ? null : row.position(last));
        });
    }

    @Override
    public long count(SpaceId space) {
        return transaction(
                sql -> sql.list(COUNT, row -> row.getLong(1), space.name()).get(0));
    }

    @Override
    public Subscription watch(SpaceId space, Runnable listener) {
        requireOpen();
        return watchers.add(space, listener);
    }

    @Override
    public Metadata metadata(SpaceId space) {
        return new JdbcMetadata(this, spaces, space);
    }

    @Override
    public Maintenance maintenance() {
        return new JdbcMaintenance(this, spaces, watchers);
    }

    @Override
    public void close() {
        closed = true;
        watchers.wakeAll();
    }

    private <T> T snapshot(Sql.Work<T> work) {
        requireOpen();
        return Sql.snapshot(database, work);
    }

    <T> T transaction(Sql.Work<T> work) {
        requireOpen();
        return Sql.transaction(database, work);
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
        }
    }
}
