package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.watersmeet.store.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Refuses a cluster that is set up in a way in which the store would lose data, or fail later. Somebody may have changed it since the tables were made. */
final class ClusterSettings {
    private final CqlSession session;
    private final CassandraOptions options;
    private final String keyspace;

    ClusterSettings(CqlSession session, CassandraOptions options) {
        this.session = session;
        this.options = options;
        this.keyspace = options.keyspace();
    }

    /** Checks where the copies of a keyspace are, if there is one: before it is read, which may already fail. */
    void checkKeyspace() {
        session.getMetadata().getKeyspace(keyspace).ifPresent(this::checkKeyspace);
    }

    /** Checks a keyspace that is there, with all tables. */
    void check() {
        KeyspaceMetadata tables = session.getMetadata().getKeyspace(keyspace).orElseThrow();
        checkKeyspace(tables);
        SchemaVersion.TABLES.forEach(table -> checkTable(
                table, tables.getTable(table).map(TableMetadata::getOptions).orElseThrow()));
        new NodeSettings(session, options).check();
    }

    private void checkKeyspace(KeyspaceMetadata tables) {
        if (!tables.isDurableWrites()) {
            throw unusable("keyspace " + keyspace + " has durable_writes = false: a node that stops loses what it has"
                    + " acknowledged; run: ALTER KEYSPACE " + keyspace + " WITH durable_writes = true");
        }
        Replication replication = new Replication(keyspace, tables.getReplication(), options.consistency());
        Set<String> all = datacenters(node -> true);
        datacenters(node -> node.getDistance() == NodeDistance.LOCAL).forEach(local -> replication.check(local, all));
    }

    private Set<String> datacenters(Predicate<Node> which) {
        return session.getMetadata().getNodes().values().stream()
                .filter(which)
                .map(Node::getDatacenter)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private void checkTable(String table, Map<CqlIdentifier, Object> options) {
        String alter = "ALTER TABLE " + keyspace + "." + table + " WITH ";
        requireOption(options, table, "default_time_to_live", "0", alter + "default_time_to_live = 0");
        requireOption(options, table, "read_repair", "BLOCKING", alter + "read_repair = 'BLOCKING'");
        int grace = Integer.parseInt(text(options, "gc_grace_seconds"));
        if (grace < Duration.ofDays(1).toSeconds()) {
            throw unusable("table " + table + " forgets what was dropped after " + grace
                    + " s, and a day is the least; run: " + alter + "gc_grace_seconds = "
                    + SchemaVersion.GRACE_SECONDS);
        }
        String compaction = text(options, "compaction");
        if (compaction.contains("TimeWindow") || compaction.contains("DateTiered")) {
            throw unusable("table " + table + " is compacted by time windows, which the times of its cells do not"
                    + " fit; run: " + alter + "compaction = {'class': 'SizeTieredCompactionStrategy'}");
        }
    }

    private static String text(Map<CqlIdentifier, Object> options, String name) {
        return String.valueOf(options.get(CqlIdentifier.fromCql(name)));
    }

    private static void requireOption(
            Map<CqlIdentifier, Object> options, String table, String name, String required, String statement) {
        String value = text(options, name);
        if (!value.equals(required)) {
            throw unusable("table " + table + " has " + name + " = " + value + ", and needs " + required + "; run: "
                    + statement);
        }
    }

    private static StoreException unusable(String message) {
        return new StoreException(StoreException.Kind.UNUSABLE, message);
    }
}
