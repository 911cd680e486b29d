package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import dev.watersmeet.testing.cassandra.CassandraCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One node that all tests of a run share, started when the first of them needs it. It ends with the process. */
final class Cluster {
    private static @Nullable CqlSession session;

    private Cluster() {}

    /** A session that all tests share, too. */
    static synchronized CqlSession session() {
        if (session == null) {
            session = connect(start());
        }
        return session;
    }

    private static CassandraCluster start() {
        try {
            return CassandraCluster.start(Files.createTempDirectory("cassandra"), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A session of its own. */
    static CqlSession connect(CassandraCluster cluster) {
        return CqlSession.builder()
                .addContactPoint(cluster.nodes().get(0).address())
                .withLocalDatacenter(CassandraCluster.DATACENTER)
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(20))
                        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(20))
                        .withDuration(DefaultDriverOption.CONNECTION_SET_KEYSPACE_TIMEOUT, Duration.ofSeconds(20))
                        .withBoolean(DefaultDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false)
                        .withInt(DefaultDriverOption.NETTY_IO_SIZE, 2)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
                        .build())
                .build();
    }
}
