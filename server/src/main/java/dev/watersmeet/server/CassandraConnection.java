package dev.watersmeet.server;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.cassandra.CassandraOptions;
import dev.watersmeet.store.cassandra.CassandraStore;
import dev.watersmeet.store.processlogs.ProcessLogOptions;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the command that are about a cluster of Cassandra. */
final class CassandraConnection {
    private static final int CQL_PORT = 9042;
    /** Conditional writes take several rounds between the nodes; the driver's own two seconds are short for a busy cluster. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** How long the driver waits after each table that is made for more changes of the schema. A second is its own default. */
    private static final Duration SCHEMA_WINDOW = Duration.ofMillis(50);

    @Option(
            names = "--cassandra-contact-points",
            paramLabel = "HOST[:PORT]",
            split = ",",
            description = "nodes of the cluster that are asked for the others; with --store=cassandra")
    private List<String> contactPoints = List.of();

    @Option(
            names = "--cassandra-datacenter",
            paramLabel = "NAME",
            description = "the data centre whose nodes this server uses",
            defaultValue = "datacenter1")
    private String datacenter = "";

    @Option(
            names = "--cassandra-keyspace",
            paramLabel = "NAME",
            description = "where the tables are",
            defaultValue = "watersmeet")
    private String keyspace = "";

    @Option(
            names = "--cassandra-copies",
            paramLabel = "COUNT",
            description = "how many copies a keyspace that is created has in each data centre",
            defaultValue = "3")
    private int copies;

    @Option(
            names = "--cassandra-create-tables",
            arity = "1",
            paramLabel = "true|false",
            description = "create what is missing; if not, the server ends with the script that creates it",
            defaultValue = "true")
    private boolean createTables;

    @Option(
            names = "--cassandra-all-datacenters",
            description = "use quorums of all data centres, where servers in several of them share the keyspace")
    private boolean allDatacenters;

    @Option(
            names = "--cassandra-driver-config",
            paramLabel = "FILE",
            description = "a configuration of the driver, for authentication, TLS and timeouts")
    private @Nullable Path driverConfig;

    /**
     * Opens the store.
     *
     * @param poll how often it looks for what was written through others
     * @throws IllegalArgumentException if an option is wrong
     */
    Store open(Duration poll) {
        if (contactPoints.isEmpty()) {
            throw new IllegalArgumentException("--store=cassandra needs --cassandra-contact-points");
        }
        if (copies < 1) {
            throw new IllegalArgumentException("--cassandra-copies is at least 1: " + copies);
        }
        CqlSessionBuilder builder =
                CqlSession.builder().withLocalDatacenter(datacenter).withConfigLoader(config());
        contactPoints.forEach(point -> builder.addContactPoint(address(point)));
        CassandraOptions options = CassandraOptions.defaults()
                .withKeyspace(keyspace)
                .withCopies(copies)
                .creatingTables(createTables)
                .withWaiting(ProcessLogOptions.defaults().withPoll(poll));
        return CassandraStore.connect(
                builder,
                allDatacenters
                        ? options.withConsistency(DefaultConsistencyLevel.QUORUM, DefaultConsistencyLevel.SERIAL)
                        : options);
    }

    private DriverConfigLoader config() {
        if (driverConfig == null) {
            return DriverConfigLoader.programmaticBuilder()
                    .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, REQUEST_TIMEOUT)
                    .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, SCHEMA_WINDOW)
                    .build();
        }
        if (!Files.isReadable(driverConfig)) {
            throw new IllegalArgumentException("--cassandra-driver-config cannot be read: " + driverConfig);
        }
        return DriverConfigLoader.fromPath(driverConfig);
    }

    static InetSocketAddress address(String contactPoint) {
        return HostAndPort.parse(contactPoint, CQL_PORT, "a contact point");
    }
}
