package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.processlogs.ProcessLogStore;
import dev.watersmeet.store.tck.ClockedFixture;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

class CassandraStoreTest extends StoreContract {
    /** Without a log of commits, tables are emptied without being written to disk first, which takes most of the time otherwise. The node is not killed here. */
    private static final CassandraOptions OPTIONS =
            withReplication("{'class': 'NetworkTopologyStrategy', 'replication_factor': 1} AND durable_writes = false");

    /** Keyspaces that are empty: to make one takes seconds. */
    private static final Deque<String> KEYSPACES = new ConcurrentLinkedDeque<>();

    private static final AtomicInteger MADE = new AtomicInteger();

    private static CassandraOptions withReplication(String replication) {
        CassandraOptions options = CassandraOptions.defaults();
        return new CassandraOptions(
                options.keyspace(),
                replication,
                options.createTables(),
                options.consistency(),
                options.conditions(),
                options.waiting());
    }

    @Override
    protected StoreFixture fixture() {
        String free = KEYSPACES.poll();
        return new KeyspaceFixture(OPTIONS.withKeyspace(free == null ? "kit" + MADE.incrementAndGet() : free));
    }

    /** A keyspace for one test. */
    private static final class KeyspaceFixture extends ClockedFixture {
        private final CassandraOptions options;

        KeyspaceFixture(CassandraOptions options) {
            this.options = options;
        }

        @Override
        public Store open() {
            // Without the checks at the start, which would refuse the missing log.
            new Tables(Cluster.session(), options, SchemaVersion.ALL).prepare();
            CassandraBackend backend = new CassandraBackend(Cluster.session(), options, () -> {});
            return ProcessLogStore.open(backend, options.waiting(), this::millis);
        }

        @Override
        public void close() {
            for (String table : List.of("record", "space_name", "member", "entry", "tip", "cell", "page")) {
                Cluster.session()
                        .execute(SimpleStatement.newInstance("TRUNCATE " + options.keyspace() + "." + table)
                                .setTimeout(Duration.ofMinutes(1)));
            }
            KEYSPACES.add(options.keyspace());
        }
    }
}
