package dev.watersmeet.server;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
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
    /**
     * What is set otherwise than by the driver itself, below what the file of the operator sets. Conditional writes take several rounds between the nodes, for which the driver's two seconds are short on a busy cluster. What a
     * node has not answered in half a second another one is asked, too, if it may be repeated: so a frozen node holds up little. After each table that is made the driver waits for more changes of the schema.
     */
    private static final String DEFAULTS =
            """
            datastax-java-driver {
              basic.request.timeout = 10 seconds
              advanced.speculative-execution-policy {
                class = ConstantSpeculativeExecutionPolicy
                max-executions = 2
                delay = 500 milliseconds
              }
              advanced.metadata.schema.debouncer.window = 50 milliseconds
            }
            """;

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
            description = "a configuration of the driver: authentication, TLS, timeouts, load balancing and all else")
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
                CqlSession.builder().withLocalDatacenter(datacenter).withConfigLoader(config(driverConfig));
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

    /** The driver's configuration: what a file sets, and for the rest the server's. */
    static DriverConfigLoader config(@Nullable Path file) {
        if (file == null) {
            return DriverConfigLoader.fromString(DEFAULTS);
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("--cassandra-driver-config cannot be read: " + file);
        }
        String path = file.toAbsolutePath().toString().replace("\\", "\\\\").replace("\"", "\\\"");
        return DriverConfigLoader.fromString(DEFAULTS + "include required(file(\"" + path + "\"))\n");
    }

    static InetSocketAddress address(String contactPoint) {
        return HostAndPort.parse(contactPoint, CQL_PORT, "a contact point");
    }
}
