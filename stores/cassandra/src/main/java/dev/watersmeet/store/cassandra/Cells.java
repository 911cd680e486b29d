package dev.watersmeet.store.cassandra;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.processlogs.Layered;
import dev.watersmeet.store.processlogs.Slice;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The cells of documents: rows in {@value #SHARDS} partitions of each space, sorted by document, generation and path.
 *
 * <p>A large cell is in its row twice: how it begins, in {@code cell}, and all of it, in {@code rest}, which a scan leaves out. So a scan knows how large a page of rows can be, and reads documents with large cells one by one.
 * Of two cells at one time the same is greater in both columns, unless they begin alike, when {@code rest} tells.
 *
 * <p>A row is written at its stamp's time, so the later one stays; of two at the same time the one with the greater bytes stays, and those have the order of cells. Stamps' times are unsigned: from 2^63 on, in the year 6429, all
 * are written at the same time, and the bytes alone tell.
 */
final class Cells {
    static final int SHARDS = 16;

    private static final long LATEST = Long.MAX_VALUE - 1; // below what takes away for ever
    private static final int MAX_BATCH_ROWS = 50;
    private static final int MAX_BATCH_BYTES = 256 << 10;
    /** A cell of as many bytes or more is a large one, of which this is how it begins. */
    static final int LARGE_CELL_BYTES = 4 << 10;

    private static final int SCAN_ROWS = 500;
    private static final int COUNT_ROWS = 5000;
    private static final int COUNTED_EXACTLY = 4000;

    private static final String JOIN =
            "INSERT INTO %s.cell (space, life, shard, collection, document, generation, path,"
                    + " cell, rest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?";
    /** The rest of what is not large: not left out, or that of a cell which it replaces would stay. */
    private static final ByteBuffer NO_REST = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final String DROP =
            "DELETE FROM %s.cell USING TIMESTAMP ? WHERE space = ? AND life = ? AND shard = ?"
                    + " AND collection = ? AND document = ? AND generation <= ?";
    private static final String SHARD = " FROM %s.cell WHERE space = ? AND life = ? AND shard = ?";
    private static final String READ =
            "SELECT generation, path, cell, rest" + SHARD + " AND collection = ? AND document = ?";
    private static final int READ_PATH = 1;
    private static final int READ_CELL = 2;
    private static final int READ_REST = 3;
    private static final String SCAN = "SELECT " + DocumentRows.COLUMNS + SHARD;
    private static final String SCAN_AFTER = SCAN + " AND (collection, document) > (?, ?)";
    private static final String DOCUMENTS = "SELECT document" + SHARD + " GROUP BY collection, document";
    private static final String ERASE =
            "DELETE FROM %s.cell USING TIMESTAMP ? WHERE space = ? AND life = ? AND shard = ?";

    private final Statements statements;

    Cells(Statements statements) {
        this.statements = statements;
    }

    static int shard(DocumentId id) {
        CRC32 crc = new CRC32();
        crc.update((id.collection() + "/" + id.id().text()).getBytes(UTF_8));
        return (int) (crc.getValue() % SHARDS);
    }

    void join(SpaceKey space, long generation, Collection<DocumentCells> documents) {
        Map<Integer, List<BoundStatement>> rows = new LinkedHashMap<>();
        Map<Integer, Integer> bytes = new LinkedHashMap<>();
        List<Statement<?>> batches = new ArrayList<>();
        for (DocumentCells document : documents) {
            int shard = shard(document.id());
            document.cells().forEach((path, cell) -> {
                byte[] value = CellBytes.of(cell);
                List<BoundStatement> batch = rows.computeIfAbsent(shard, key -> new ArrayList<>());
                batch.add(row(space, shard, document.id(), generation, path, cell, value));
                int size = bytes.merge(shard, value.length + path.text().length(), Integer::sum);
                if (batch.size() >= MAX_BATCH_ROWS || size >= MAX_BATCH_BYTES) {
                    batches.add(statements.batch(batch));
                    rows.remove(shard);
                    bytes.remove(shard);
                }
            });
        }
        rows.values().forEach(batch -> batches.add(statements.batch(batch)));
        statements.runAll(batches.stream());
    }

    private BoundStatement row(
            SpaceKey space, int shard, DocumentId id, long generation, Path path, Cell cell, byte[] value) {
        long time = cell.stamp().time();
        return statements.bind(
                JOIN,
                space.space().name(),
                space.life(),
                shard,
                id.collection(),
                id.id().text(),
                generation,
                path.text(),
                ByteBuffer.wrap(value, 0, Math.min(value.length, LARGE_CELL_BYTES)),
                value.length < LARGE_CELL_BYTES ? NO_REST : ByteBuffer.wrap(value),
                time < 0 ? LATEST : Math.min(time, LATEST));
    }

    void drop(SpaceKey space, long generation, Collection<DocumentId> documents) {
        statements.runAll(documents.stream()
                .map(id -> statements.bind(
                        DROP,
                        Entries.FOR_EVER,
                        space.space().name(),
                        space.life(),
                        shard(id),
                        id.collection(),
                        id.id().text(),
                        generation)));
    }

    Map<DocumentId, DocumentState> read(SpaceKey space, Collection<DocumentId> documents) {
        Map<DocumentId, DocumentState> found = new LinkedHashMap<>();
        statements.readAll(
                List.copyOf(documents),
                id -> statements.bind(
                        READ,
                        space.space().name(),
                        space.life(),
                        shard(id),
                        id.collection(),
                        id.id().text()),
                (id, rows) -> {
                    DocumentState state = DocumentState.empty();
                    rows.forEach(row -> state.join(Rows.path(row, READ_PATH), CellBytes.parse(cell(row))));
                    if (!state.isEmpty()) {
                        found.put(id, state);
                    }
                });
        return found;
    }

    /** A row's cell, also a large one. */
    private static byte[] cell(Row row) {
        byte[] beginning = Rows.bytes(row, READ_CELL);
        return beginning.length < LARGE_CELL_BYTES ? beginning : Rows.bytes(row, READ_REST);
    }

    Slice scan(SpaceKey space, @Nullable String from, int limit) {
        ScanPoint point = ScanPoint.parse(from);
        PageBudget budget = PageBudget.of(limit);
        List<Layered> documents = new ArrayList<>();
        for (int shard = point.shard(); shard < SHARDS; shard++) {
            DocumentRows rows = new DocumentRows(
                    shard == point.shard() ? rows(space, point) : rows(space, shard),
                    id -> read(space, List.of(id)).get(id));
            for (@Nullable Layered next = rows.next(); next != null; next = rows.next()) {
                long bytes = PageBudget.bytes(next.document());
                if (!budget.hasRoom() || !budget.fits(bytes)) {
                    return new Slice(documents, point.toString());
                }
                budget.add(next.document().cells().size(), bytes);
                documents.add(next);
                point = ScanPoint.after(shard, next.document().id());
            }
        }
        return new Slice(documents, null);
    }

    private Iterable<Row> rows(SpaceKey space, int shard) {
        return statements.rows(
                statements.bind(SCAN, space.space().name(), space.life(), shard).setPageSize(SCAN_ROWS));
    }

    private Iterable<Row> rows(SpaceKey space, ScanPoint point) {
        return point.document() == null
                ? rows(space, point.shard())
                : statements.rows(statements
                        .bind(
                                SCAN_AFTER,
                                space.space().name(),
                                space.life(),
                                point.shard(),
                                point.document().collection(),
                                point.document().id().text())
                        .setPageSize(SCAN_ROWS));
    }

    /** Counts the documents of the first shards, and where they are many concludes to the others. */
    long count(SpaceKey space) {
        long counted = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            for (Row row : statements.rows(statements
                    .bind(DOCUMENTS, space.space().name(), space.life(), shard)
                    .setPageSize(COUNT_ROWS))) {
                counted += row.size() > 0 ? 1 : 0;
            }
            if (counted >= COUNTED_EXACTLY) {
                return counted * SHARDS / (shard + 1);
            }
        }
        return counted;
    }

    void erase(SpaceKey space) {
        for (int shard = 0; shard < SHARDS; shard++) {
            statements.run(ERASE, Entries.FOR_EVER, space.space().name(), space.life(), shard);
        }
    }
}
