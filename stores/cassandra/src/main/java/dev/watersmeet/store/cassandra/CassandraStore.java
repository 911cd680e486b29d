package dev.watersmeet.store.cassandra;

import static java.util.Objects.requireNonNull;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.ProcessLogStore;

/**
 * The way to a store on Cassandra 4.1 or later. Cells are written blindly, each with its stamp's time as the time of the write, and bytes whose order is that of cells: so Cassandra's own resolution of conflicts is the
 * merge.
 */
public final class CassandraStore {
    private CassandraStore() {}

    /**
     * Opens the store of a cluster.
     *
     * @param session made by the caller, with what the driver needs to know: contact points, data centre, authentication, TLS. It stays the caller's to close, after the store.
     * @throws StoreException of kind {@code UNUSABLE} if tables are missing and are not to be created, or the cluster is configured in a way in which it would lose data; the message says what to do
     */
    public static Store open(CqlSession session, CassandraOptions options) {
        return open(session, options, TimeSource.system());
    }

    static Store open(CqlSession session, CassandraOptions options, TimeSource time) {
        return open(session, options, time, () -> {});
    }

    /**
     * Opens the store of a cluster with a session of its own, which is closed with it.
     *
     * @param builder with what the driver needs to know
     * @throws StoreException of kind {@code UNAVAILABLE} if the cluster cannot be reached, and otherwise as {@link #open}
     */
    public static Store connect(CqlSessionBuilder builder, CassandraOptions options) {
        CqlSession session = Failures.translating(builder::build);
        try {
            return open(session, options, TimeSource.system(), session::close);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Store open(CqlSession session, CassandraOptions options, TimeSource time, Runnable closing) {
        requireNonNull(session);
        Failures.translating(() -> {
            ClusterSettings settings = new ClusterSettings(session, options);
            settings.checkKeyspace();
            new Tables(session, options, SchemaVersion.ALL).prepare();
            settings.check();
            return session;
        });
        return ProcessLogStore.open(new CassandraBackend(session, options, closing), options.waiting(), time);
    }

    /** The CQL that makes what a store needs, for who may not let it do so itself: it changes nothing that is there. */
    public static String script(CassandraOptions options) {
        return Tables.script(options, SchemaVersion.ALL, 0);
    }
}
