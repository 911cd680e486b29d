package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the store's CQL, each statement prepared once, with the store's consistency. Thread-safe. */
final class Statements {
    private static final int MAX_IN_FLIGHT = 64;

    private final CqlSession session;
    private final String keyspace;
    private final ConsistencyLevel consistency;
    private final ConsistencyLevel conditions;
    private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();

    Statements(CqlSession session, CassandraOptions options) {
        this.session = session;
        this.keyspace = options.keyspace();
        this.consistency = options.consistency();
        this.conditions = options.conditions();
    }

    /** A statement that may be repeated. {@code %s} stands for the keyspace. */
    BoundStatement bind(String cql, @Nullable Object... values) {
        PreparedStatement statement = prepared.computeIfAbsent(
                cql, text -> Failures.translating(() -> session.prepare(text.replace("%s", keyspace))));
        return statement
                .bind(values)
                .setConsistencyLevel(consistency)
                .setSerialConsistencyLevel(conditions)
                .setIdempotent(true);
    }

    ResultSet run(String cql, @Nullable Object... values) {
        return run(bind(cql, values));
    }

    ResultSet run(Statement<?> statement) {
        return Failures.translating(() -> session.execute(statement));
    }

    /** The rows of a read, which are fetched as they are taken. */
    Iterable<Row> rows(Statement<?> statement) {
        ResultSet rows = run(statement);
        return () -> new TranslatedRows(rows.iterator());
    }

    Iterable<Row> rows(String cql, @Nullable Object... values) {
        return rows(bind(cql, values));
    }

    /** Rows of which the next page may not be there. */
    private record TranslatedRows(Iterator<Row> rows) implements Iterator<Row> {
        @Override
        public boolean hasNext() {
            return Failures.translating(rows::hasNext);
        }

        @Override
        public Row next() {
            return Failures.translating(rows::next);
        }
    }

    /** A read that decides what conditional writes are under way. */
    @Nullable
    Row settledRow(String cql, @Nullable Object... values) {
        return run(bind(cql, values).setConsistencyLevel(conditions)).one();
    }

    /** A conditional write, which is not repeated when its outcome is not known. Whether it took effect. */
    boolean runIf(String cql, @Nullable Object... values) {
        return run(bind(cql, values).setIdempotent(false)).wasApplied();
    }

    /** Writes rows of one partition, in one step. */
    BatchStatement batch(List<BoundStatement> rows) {
        BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
        rows.forEach(batch::addStatement);
        return batch.setConsistencyLevel(consistency).setIdempotence(true).build();
    }

    /** Runs writes, some at a time, and waits for all of them. */
    void runAll(Stream<? extends Statement<?>> statements) {
        Deque<CompletionStage<?>> running = new ArrayDeque<>();
        statements.forEach(statement -> {
            if (running.size() >= MAX_IN_FLIGHT) {
                await(running.remove());
            }
            running.add(session.executeAsync(statement));
        });
        running.forEach(Statements::await);
    }

    /** Runs reads, some at a time, of whose rows there are few. */
    <K> void readAll(List<K> keys, Function<K, Statement<?>> read, RowsReader<K> reader) {
        for (int from = 0; from < keys.size(); from += MAX_IN_FLIGHT) {
            List<K> part = keys.subList(from, Math.min(keys.size(), from + MAX_IN_FLIGHT));
            List<CompletionStage<List<Row>>> running = part.stream()
                    .map(key -> AllRows.of(session.executeAsync(read.apply(key))))
                    .toList();
            for (int i = 0; i < part.size(); i++) {
                reader.read(part.get(i), await(running.get(i)));
            }
        }
    }

    /** Takes the rows of a read. */
    @FunctionalInterface
    interface RowsReader<K> {
        void read(K key, List<Row> rows);
    }

    private static <T> T await(CompletionStage<T> stage) {
        return Failures.translating(() -> stage.toCompletableFuture().join());
    }
}
