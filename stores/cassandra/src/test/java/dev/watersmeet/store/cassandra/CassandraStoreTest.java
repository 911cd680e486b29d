package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.ClockedFixture;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

class CassandraStoreTest extends StoreContract {
    /** Keyspaces that are empty: to make one takes seconds. */
    private static final Deque<String> KEYSPACES = new ConcurrentLinkedDeque<>();

    private static final AtomicInteger MADE = new AtomicInteger();

    @Override
    protected StoreFixture fixture() {
        String free = KEYSPACES.poll();
        return new KeyspaceFixture(CassandraOptions.defaults()
                .withCopies(1)
                .withKeyspace(free == null ? "kit" + MADE.incrementAndGet() : free));
    }

    /** A keyspace for one test. */
    private static final class KeyspaceFixture extends ClockedFixture {
        private final CassandraOptions options;

        KeyspaceFixture(CassandraOptions options) {
            this.options = options;
        }

        @Override
        public Store open() {
            return CassandraStore.open(Cluster.session(), options, this::millis);
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
