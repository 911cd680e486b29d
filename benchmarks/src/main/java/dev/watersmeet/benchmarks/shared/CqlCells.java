package dev.watersmeet.benchmarks.shared;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Path;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Cells in a table of Cassandra of their own, by the driver alone: a row for each, or for each document where those are written by one condition. */
final class CqlCells implements SharedServer.PlainCells {
    /** How cells are written. */
    enum Join {
        /** At the times of their stamps: Cassandra keeps the later one. */
        BLIND("shard, document, path"),
        /** Each where it is new, by a lightweight transaction. These are decided for a partition at a time, so each document has one. */
        CONDITIONAL_CELLS("(shard, document), path"),
        /** Those of a document together, in a batch of one partition with one condition. */
        CONDITIONAL_DOCUMENTS("(shard, document), path");

        private final String key;

        Join(String key) {
            this.key = key;
        }
    }

    private static final String KEYSPACE = "plain";
    private static final int SHARDS = 16;
    private static final int MAX_BATCH_ROWS = 50;
    private static final int MAX_IN_FLIGHT = 64;
    private static final int SCAN_ROWS = 5_000;
    private static final Duration LONG = Duration.ofMinutes(2);

    private final CqlSession session;
    private final Join join;
    private final String table;
    private final PreparedStatement insert;
    private final PreparedStatement readDocument;

    CqlCells(CqlSession session, Join join) {
        this.session = session;
        this.join = join;
        run("CREATE KEYSPACE IF NOT EXISTS " + KEYSPACE
                + " WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': 1}");
        table = KEYSPACE + "." + join.name().toLowerCase(Locale.ROOT);
        run("CREATE TABLE " + table + " (shard int, document text, path text, cell blob, PRIMARY KEY (" + join.key
                + "))");
        insert = session.prepare("INSERT INTO " + table + " (shard, document, path, cell) VALUES (?, ?, ?, ?)"
                + (join == Join.BLIND ? " USING TIMESTAMP ?" : " IF NOT EXISTS"));
        readDocument = session.prepare("SELECT path, cell FROM " + table + " WHERE shard = ? AND document = ?");
    }

    private void run(String statement) {
        session.execute(SimpleStatement.newInstance(statement).setTimeout(LONG));
    }

    private static String text(DocumentId id) {
        return id.collection() + "/" + id.id().text();
    }

    private static int shard(DocumentId id) {
        return Math.floorMod(text(id).hashCode(), SHARDS);
    }

    @Override
    public Object prepare(List<DocumentCells> batch) {
        return batch;
    }

    @Override
    @SuppressWarnings("unchecked") // as it was prepared
    public void join(Object prepared) {
        List<DocumentCells> documents = (List<DocumentCells>) prepared;
        List<Statement<?>> statements = new ArrayList<>();
        if (join == Join.BLIND) {
            Map<Integer, List<BatchableStatement<?>>> shards = new LinkedHashMap<>();
            documents.forEach(document -> shards.computeIfAbsent(shard(document.id()), key -> new ArrayList<>())
                    .addAll(rows(document)));
            for (List<BatchableStatement<?>> rows : shards.values()) {
                for (int from = 0; from < rows.size(); from += MAX_BATCH_ROWS) {
                    statements.add(batch(rows.subList(from, Math.min(rows.size(), from + MAX_BATCH_ROWS))));
                }
            }
        } else if (join == Join.CONDITIONAL_DOCUMENTS) {
            documents.forEach(document -> statements.add(batch(rows(document))));
        } else {
            documents.forEach(document -> statements.addAll(rows(document)));
        }
        runAll(statements);
    }

    private List<BoundStatement> rows(DocumentCells document) {
        List<BoundStatement> rows = new ArrayList<>();
        document.cells().forEach((path, cell) -> rows.add(row(document.id(), path, cell)));
        return rows;
    }

    private BoundStatement row(DocumentId id, Path path, Cell cell) {
        ByteBuffer bytes = ByteBuffer.wrap(CellBytes.of(cell));
        return join == Join.BLIND
                ? insert.bind(
                        shard(id), text(id), path.text(), bytes, cell.stamp().time())
                : insert.bind(shard(id), text(id), path.text(), bytes);
    }

    private static BatchStatement batch(List<? extends BatchableStatement<?>> rows) {
        return BatchStatement.builder(BatchType.UNLOGGED)
                .addStatements(List.copyOf(rows))
                .build();
    }

    private void runAll(List<Statement<?>> statements) {
        Deque<CompletionStage<?>> running = new ArrayDeque<>();
        for (Statement<?> statement : statements) {
            if (running.size() >= MAX_IN_FLIGHT) {
                await(running.remove());
            }
            running.add(session.executeAsync(statement));
        }
        running.forEach(CqlCells::await);
    }

    private static void await(CompletionStage<?> stage) {
        stage.toCompletableFuture().join();
    }

    @Override
    public long scan() {
        PreparedStatement readShard = session.prepare("SELECT document, path, cell FROM " + table + " WHERE shard = ?");
        long cells = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            for (Row row : session.execute(readShard.bind(shard).setPageSize(SCAN_ROWS))) {
                cells += parsed(row);
            }
        }
        return cells;
    }

    @Override
    public long read(DocumentId document) {
        long cells = 0;
        for (Row row : session.execute(readDocument.bind(shard(document), text(document)))) {
            cells += parsed(row);
        }
        return cells;
    }

    private static int parsed(Row row) {
        ByteBuffer bytes = row.getByteBuffer("cell");
        String path = row.getString("path");
        return path != null && bytes != null && bytes.hasRemaining() ? 1 : 0;
    }

    @Override
    public void compact() {
        // Cassandra does so by itself
    }

    @Override
    public void close() {
        run("DROP TABLE " + table);
    }
}
