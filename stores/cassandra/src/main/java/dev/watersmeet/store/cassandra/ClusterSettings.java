package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import dev.watersmeet.store.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses a cluster that is set up in a way in which the store would lose data, or fail later. Somebody may have changed it since the tables were made. */
final class ClusterSettings {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSettings.class);

    private static final String SETTINGS = "SELECT name, value FROM system_views.settings WHERE name IN"
            + " ('maximum_timestamp_fail_threshold', 'minimum_timestamp_fail_threshold', 'user_timestamps_enabled')";

    private final CqlSession session;
    private final String keyspace;

    ClusterSettings(CqlSession session, CassandraOptions options) {
        this.session = session;
        this.keyspace = options.keyspace();
    }

    void check() {
        KeyspaceMetadata tables = session.getMetadata().getKeyspace(keyspace).orElseThrow();
        SchemaVersion.TABLES.forEach(table -> checkTable(
                table, tables.getTable(table).map(TableMetadata::getOptions).orElseThrow()));
        checkTimestamps();
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

    /** Cells are written with the times of their stamps, which are far in the future of Cassandra's clock, other rows with small numbers: guardrails may refuse both. */
    private void checkTimestamps() {
        Map<String, String> settings = new HashMap<>();
        try {
            for (Row row : session.execute(SETTINGS)) {
                settings.put(String.valueOf(row.getString("name")), String.valueOf(row.getString("value")));
            }
        } catch (QueryValidationException e) {
            LOG.warn(
                    "the role may not read system_views.settings: make sure that no guardrail on timestamps is set", e);
        }
        settings.forEach((name, value) -> {
            boolean right = name.equals("user_timestamps_enabled")
                    ? value.equals("true")
                    : value.isEmpty() || value.equals("null");
            if (!right) {
                throw unusable("Cassandra's guardrail " + name + " is set to " + value
                        + ": it refuses the times that cells are written with; take it out of cassandra.yaml");
            }
        });
    }

    private static StoreException unusable(String message) {
        return new StoreException(StoreException.Kind.UNUSABLE, message);
    }
}
