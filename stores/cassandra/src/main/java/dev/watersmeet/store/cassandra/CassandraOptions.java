package dev.watersmeet.store.cassandra;

import static java.util.Objects.requireNonNull;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import dev.watersmeet.store.processlogs.ProcessLogOptions;
import java.util.regex.Pattern;

/**
 * How a store uses a cluster. All servers that share a keyspace have the same consistency, and servers in several data centres need one that spans them: {@code QUORUM} with {@code SERIAL}. What is decided by conditional writes
 * has to be seen by all others, so {@code LOCAL_QUORUM} goes with {@code LOCAL_SERIAL}, and what spans data centres with {@code SERIAL}.
 *
 * @param keyspace where the tables are: lower-case letters, digits and underscores
 * @param replication of the keyspace where it is created, as CQL writes it
 * @param createTables whether what is missing is created; if not, the store says which script to run
 * @param consistency of reads and writes, for which any two of them have to meet: a quorum, or all
 * @param conditions of conditional writes: {@code SERIAL} or {@code LOCAL_SERIAL}
 * @param waiting how servers wait for each other
 */
public record CassandraOptions(
        String keyspace,
        String replication,
        boolean createTables,
        ConsistencyLevel consistency,
        ConsistencyLevel conditions,
        ProcessLogOptions waiting) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,47}");

    public CassandraOptions {
        requireNonNull(replication);
        requireNonNull(waiting);
        if (!NAME.matcher(keyspace).matches()) {
            throw new IllegalArgumentException(
                    "a keyspace has 1 to 48 lower-case letters, digits and underscores: " + keyspace);
        }
        if (!conditions.isSerial()) {
            throw new IllegalArgumentException("conditional writes are SERIAL or LOCAL_SERIAL, not " + conditions);
        }
        if (consistency != DefaultConsistencyLevel.LOCAL_QUORUM
                && consistency != DefaultConsistencyLevel.QUORUM
                && consistency != DefaultConsistencyLevel.EACH_QUORUM
                && consistency != DefaultConsistencyLevel.ALL) {
            throw new IllegalArgumentException(
                    "reads and writes have to meet: LOCAL_QUORUM, QUORUM or ALL, not " + consistency);
        }
        boolean local = consistency == DefaultConsistencyLevel.LOCAL_QUORUM;
        if (local != (conditions == DefaultConsistencyLevel.LOCAL_SERIAL)) {
            throw new IllegalArgumentException("LOCAL_QUORUM goes with LOCAL_SERIAL, for servers that use one data"
                    + " centre, and QUORUM with SERIAL, for those in several; not " + consistency + " with "
                    + conditions);
        }
    }

    /** The keyspace {@code watersmeet} with three copies in each data centre, {@code LOCAL_QUORUM} and {@code LOCAL_SERIAL}; missing tables are created. */
    public static CassandraOptions defaults() {
        return new CassandraOptions(
                "watersmeet",
                "{'class': 'NetworkTopologyStrategy', 'replication_factor': 3}",
                true,
                DefaultConsistencyLevel.LOCAL_QUORUM,
                DefaultConsistencyLevel.LOCAL_SERIAL,
                ProcessLogOptions.defaults());
    }

    /** The same in another keyspace. */
    public CassandraOptions withKeyspace(String name) {
        return new CassandraOptions(name, replication, createTables, consistency, conditions, waiting);
    }

    /** The same with another number of copies in each data centre. */
    public CassandraOptions withCopies(int copies) {
        String strategy = "{'class': 'NetworkTopologyStrategy', 'replication_factor': " + copies + "}";
        return new CassandraOptions(keyspace, strategy, createTables, consistency, conditions, waiting);
    }

    /** The same, where tables that are missing are refused, or are created. */
    public CassandraOptions creatingTables(boolean create) {
        return new CassandraOptions(keyspace, replication, create, consistency, conditions, waiting);
    }

    /** The same with other consistencies. */
    public CassandraOptions withConsistency(ConsistencyLevel ofAll, ConsistencyLevel ofConditions) {
        return new CassandraOptions(keyspace, replication, createTables, ofAll, ofConditions, waiting);
    }

    /** The same with other waiting. */
    public CassandraOptions withWaiting(ProcessLogOptions other) {
        return new CassandraOptions(keyspace, replication, createTables, consistency, conditions, other);
    }
}
