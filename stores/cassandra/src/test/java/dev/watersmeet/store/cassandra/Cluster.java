package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metrics.DefaultSessionMetric;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.testing.cassandra.CassandraCluster;
import dev.watersmeet.testing.cassandra.CassandraNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One node that all tests of a run share, started when the first of them needs it. It ends with the process. */
final class Cluster {
    private static @Nullable CassandraCluster cluster;
    private static @Nullable CqlSession session;

    private Cluster() {}

    /** A session that all tests share, too. */
    static synchronized CqlSession session() {
        if (session == null) {
            session = connect(cluster());
        }
        return session;
    }

    /** Another session, which is the caller's. */
    static CqlSession another() {
        return connect(cluster());
    }

    /** Another session, which counts bytes. */
    static CqlSession measured() {
        return connect(
                cluster(),
                config -> config.withStringList(
                        DefaultDriverOption.METRICS_SESSION_ENABLED,
                        List.of(DefaultSessionMetric.BYTES_RECEIVED.getPath())));
    }

    /** The node itself. */
    static CassandraNode node() {
        return cluster().nodes().get(0);
    }

    private static synchronized CassandraCluster cluster() {
        try {
            if (cluster == null) {
                cluster = CassandraCluster.start(Files.createTempDirectory("cassandra"), 1);
            }
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a statement that may take long. */
    static void run(String statement) {
        session().execute(SimpleStatement.newInstance(statement).setTimeout(Duration.ofMinutes(1)));
    }

    /** How the opening of a store is refused. */
    static StoreException refusal(CassandraOptions options) {
        return refusal(session(), options);
    }

    /** How the opening of a store by a session is refused. */
    static StoreException refusal(CqlSession session, CassandraOptions options) {
        StoreException refusal = catchThrowableOfType(StoreException.class, () -> CassandraStore.open(session, options)
                .close());
        assertThat(refusal).as("refused").isNotNull();
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
        return refusal;
    }

    /** A session of its own. */
    static CqlSession connect(CassandraCluster cluster) {
        return connect(cluster, config -> config);
    }

    /** The same with more configuration. */
    static CqlSession connect(CassandraCluster cluster, UnaryOperator<ProgrammaticDriverConfigLoaderBuilder> more) {
        return connect(cluster.nodes().get(0), CassandraCluster.DATACENTER, more);
    }

    /** A session that uses the nodes of a data centre, of which one is named. */
    static CqlSession connect(
            CassandraNode node, String datacentre, UnaryOperator<ProgrammaticDriverConfigLoaderBuilder> more) {
        return CqlSession.builder()
                .addContactPoint(node.address())
                .withLocalDatacenter(datacentre)
                .withConfigLoader(more.apply(DriverConfigLoader.programmaticBuilder()
                                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(20))
                                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(20))
                                .withDuration(
                                        DefaultDriverOption.CONNECTION_SET_KEYSPACE_TIMEOUT, Duration.ofSeconds(20))
                                .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(10))
                                .withBoolean(DefaultDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false)
                                .withInt(DefaultDriverOption.NETTY_IO_SIZE, 2)
                                .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1))
                        .build())
                .build();
    }
}
