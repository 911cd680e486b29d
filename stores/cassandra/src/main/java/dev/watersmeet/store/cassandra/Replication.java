package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import dev.watersmeet.store.StoreException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a keyspace has its copies, and whether that is where a server reads and writes. */
final class Replication {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    /** With fewer, a quorum is all of them. */
    private static final int SPARING_COPIES = 3;

    private final String keyspace;
    private final Map<String, String> replication;
    private final ConsistencyLevel consistency;

    /** @param replication as the driver tells it: the class of the strategy, and its options */
    Replication(String keyspace, Map<String, String> replication, ConsistencyLevel consistency) {
        this.keyspace = keyspace;
        this.replication = replication;
        this.consistency = consistency;
    }

    /**
     * Refuses a keyspace of which a server would read other copies than it, or another server, has written.
     *
     * @param local the data centre that the server uses
     * @param all those of the cluster
     */
    void check(String local, Set<String> all) {
        boolean simple = replication.getOrDefault("class", "").endsWith("SimpleStrategy");
        boolean ofOne = consistency == DefaultConsistencyLevel.LOCAL_QUORUM;
        if (simple && ofOne && all.size() > 1) {
            throw unusable("has copies by SimpleStrategy, which puts them in any of the data centres "
                    + new TreeSet<>(all) + ", and LOCAL_QUORUM reads those in " + local + " only; run: "
                    + alter(local) + "; then on each node: nodetool repair --full " + keyspace);
        }
        @Nullable String copies = replication.get(simple ? "replication_factor" : local);
        if (copies != null && copies.contains("/")) {
            throw unusable(
                    "has transient copies (" + copies + "), which the store does not know; run: " + alter(local));
        }
        int count = copies == null ? 0 : Integer.parseInt(copies);
        if (count == 0 && ofOne) {
            throw unusable("has no copies in the data centre " + local + ", which this server uses; name another one,"
                    + " or run: " + alter(local) + "; then on each of its nodes: nodetool rebuild --keyspace "
                    + keyspace + " <a data centre that has copies>");
        }
        if (count > 0 && count < SPARING_COPIES) {
            LOG.warn(
                    "keyspace {} has {} {} in {}: while one of its nodes is down, writes and reads are refused",
                    keyspace,
                    count,
                    count == 1 ? "copy" : "copies",
                    local);
        }
    }

    /** The statement that gives a data centre three copies, and leaves those of the others. */
    private String alter(String local) {
        StringBuilder options = new StringBuilder("{'class': 'NetworkTopologyStrategy'");
        replication.forEach((name, copies) -> {
            if (!name.equals("class") && !name.equals("replication_factor") && !name.equals(local)) {
                options.append(", '").append(name).append("': ").append(copies);
            }
        });
        options.append(", '").append(local).append("': ").append(SPARING_COPIES).append('}');
        return "ALTER KEYSPACE " + keyspace + " WITH replication = " + options;
    }

    private StoreException unusable(String message) {
        return new StoreException(StoreException.Kind.UNUSABLE, "keyspace " + keyspace + " " + message);
    }
}
