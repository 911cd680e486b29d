package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import dev.watersmeet.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store's tables: makes those that are missing, and refuses a cluster in which they would lose data. */
final class Tables {
    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    /** How long what was dropped is remembered: whoever wakes up later with a write of before must not be let go on. */
    private static final int GRACE_SECONDS = (int) Duration.ofDays(10).toSeconds();

    private static final int VERSION = 1;
    private static final Duration AGREEMENT = Duration.ofSeconds(30);

    private static final String OPTIONS =
            " WITH gc_grace_seconds = " + GRACE_SECONDS + " AND default_time_to_live = 0 AND read_repair = 'BLOCKING'";

    /** By their names: the columns, and what they are for. */
    private static final Map<String, String> TABLES = Map.of(
            "record",
            "space text, life bigint, kind text, name blob, version bigint, body blob,"
                    + " PRIMARY KEY ((space, life, kind, name))",
            "space_name",
            "bucket int, name text, life bigint, PRIMARY KEY (bucket, name, life)",
            "member",
            "space text, life bigint, kind text, name blob, PRIMARY KEY ((space, life), kind, name)",
            "entry",
            "space text, life bigint, log bigint, bucket bigint, sequence bigint, body blob,"
                    + " PRIMARY KEY ((space, life, log, bucket), sequence)",
            "tip",
            "space text, life bigint, generation bigint, log bigint, sequence bigint,"
                    + " PRIMARY KEY ((space, life, generation), log)",
            "cell",
            "space text, life bigint, shard int, collection text, document text, generation bigint, path text,"
                    + " cell blob, PRIMARY KEY ((space, life, shard), collection, document, generation, path)",
            "page",
            "space text, life bigint, generation bigint, attempt bigint, number int, body blob,"
                    + " PRIMARY KEY ((space, life, generation), attempt, number)",
            "schema_version",
            "store text PRIMARY KEY, version int");

    private final CqlSession session;
    private final CassandraOptions options;

    Tables(CqlSession session, CassandraOptions options) {
        this.session = session;
        this.options = options;
    }

    /** The statements that make what is missing, in their order. */
    private static List<String> statements(CassandraOptions options) {
        List<String> statements = new ArrayList<>();
        String keyspace = options.keyspace();
        statements.add("CREATE KEYSPACE IF NOT EXISTS " + keyspace + " WITH replication = " + options.replication());
        TABLES.keySet().stream()
                .sorted()
                .forEach(table -> statements.add("CREATE TABLE IF NOT EXISTS " + keyspace + "." + table + " ("
                        + TABLES.get(table) + ")" + OPTIONS));
        statements.add("INSERT INTO " + keyspace + ".schema_version (store, version) VALUES ('watersmeet', " + VERSION
                + ") IF NOT EXISTS");
        return statements;
    }

    static String script(CassandraOptions options) {
        return String.join(";\n", statements(options)) + ";\n";
    }

    void prepare() {
        if (!areThere()) {
            session.refreshSchema();
        }
        if (version().isEmpty()) {
            if (!options.createTables()) {
                throw unusable(
                        "the tables are missing in keyspace " + options.keyspace() + "; run:\n" + script(options));
            }
            create();
            session.refreshSchema();
        }
        int found = version().orElse(0);
        if (found != VERSION) {
            throw unusable("the tables in keyspace " + options.keyspace() + " are of version " + found
                    + ", this store's of version " + VERSION + "; use the release that they belong to");
        }
        awaitAgreement();
        checkOptions();
        checkTimestamps();
    }

    private void create() {
        for (String statement : statements(options)) {
            session.execute(SimpleStatement.newInstance(statement)
                    .setTimeout(Duration.ofMinutes(1))
                    .setSerialConsistencyLevel(options.conditions()));
        }
    }

    /** The version of the tables; empty if some are missing. */
    private Optional<Integer> version() {
        if (!areThere()) {
            return Optional.empty();
        }
        @Nullable
        Row row = session.execute(SimpleStatement.newInstance("SELECT version FROM " + options.keyspace()
                                + ".schema_version WHERE store = 'watersmeet'")
                        .setConsistencyLevel(options.conditions()))
                .one();
        return Optional.ofNullable(row).map(found -> found.getInt("version"));
    }

    private boolean areThere() {
        Optional<KeyspaceMetadata> keyspace = session.getMetadata().getKeyspace(options.keyspace());
        return keyspace.isPresent()
                && TABLES.keySet().stream()
                        .allMatch(table -> keyspace.get().getTable(table).isPresent());
    }

    private void awaitAgreement() {
        long deadline = System.nanoTime() + AGREEMENT.toNanos();
        while (!session.checkSchemaAgreement()) {
            if (System.nanoTime() > deadline) {
                throw unusable("the nodes do not agree on the schema; see `nodetool describecluster`");
            }
        }
    }

    /** What somebody may have changed since the tables were made. */
    private void checkOptions() {
        KeyspaceMetadata keyspace =
                session.getMetadata().getKeyspace(options.keyspace()).orElseThrow();
        for (String name : TABLES.keySet()) {
            Map<CqlIdentifier, Object> found =
                    keyspace.getTable(name).map(TableMetadata::getOptions).orElseThrow();
            String alter = "ALTER TABLE " + options.keyspace() + "." + name + " WITH ";
            requireOption(found, name, "default_time_to_live", "0", alter + "default_time_to_live = 0");
            requireOption(found, name, "read_repair", "BLOCKING", alter + "read_repair = 'BLOCKING'");
            int grace = Integer.parseInt(String.valueOf(found.get(CqlIdentifier.fromCql("gc_grace_seconds"))));
            if (grace < Duration.ofDays(1).toSeconds()) {
                throw unusable("table " + name + " forgets what was dropped after " + grace
                        + " s, and a day is the least; run: " + alter + "gc_grace_seconds = " + GRACE_SECONDS);
            }
            String compaction = String.valueOf(found.get(CqlIdentifier.fromCql("compaction")));
            if (compaction.contains("TimeWindow") || compaction.contains("DateTiered")) {
                throw unusable("table " + name + " is compacted by time windows, which the times of its cells do not"
                        + " fit; run: " + alter + "compaction = {'class': 'SizeTieredCompactionStrategy'}");
            }
        }
    }

    private static void requireOption(
            Map<CqlIdentifier, Object> found, String table, String option, String required, String statement) {
        String value = String.valueOf(found.get(CqlIdentifier.fromCql(option)));
        if (!value.equals(required)) {
            throw unusable("table " + table + " has " + option + " = " + value + ", and needs " + required + "; run: "
                    + statement);
        }
    }

    /** Cells are written with the times of their stamps, which are far in the future of Cassandra's clock: a guardrail may refuse them. */
    private void checkTimestamps() {
        try {
            for (Row row : session.execute("SELECT name, value FROM system_views.settings WHERE name IN"
                    + " ('maximum_timestamp_fail_threshold', 'minimum_timestamp_fail_threshold')")) {
                @Nullable String value = row.getString("value");
                if (value != null && !value.isEmpty() && !value.equals("null")) {
                    throw unusable("Cassandra's guardrail " + row.getString("name") + " is set to " + value
                            + ": it refuses the times that cells are written with; take it out of cassandra.yaml");
                }
            }
        } catch (QueryValidationException e) {
            LOG.warn(
                    "the role may not read system_views.settings: make sure that no guardrail on timestamps is set", e);
        }
    }

    private static StoreException unusable(String message) {
        return new StoreException(StoreException.Kind.UNUSABLE, message);
    }
}
