package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

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
    private static final class KeyspaceFixture implements StoreFixture {
        private final CassandraOptions options;
        private final AtomicLong ahead = new AtomicLong();

        KeyspaceFixture(CassandraOptions options) {
            this.options = options;
        }

        @Override
        public Store open() {
            return CassandraStore.open(Cluster.session(), options, this::millis);
        }

        private long millis() {
            return System.currentTimeMillis() + ahead.get();
        }

        @Override
        public Instant instant() throws InterruptedException {
            Thread.sleep(5);
            Instant now = Instant.ofEpochMilli(millis());
            Thread.sleep(5);
            return now;
        }

        @Override
        public boolean moveClock(Duration by) {
            ahead.addAndGet(by.toMillis());
            return true;
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
