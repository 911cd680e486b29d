package dev.watersmeet.benchmarks.shared;

import static dev.watersmeet.benchmarks.Contender.BARE_DRIVER;
import static dev.watersmeet.benchmarks.Contender.CONDITIONAL_CELLS;
import static dev.watersmeet.benchmarks.Contender.CONDITIONAL_DOCUMENTS;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import dev.watersmeet.benchmarks.Contender;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.cassandra.CassandraOptions;
import dev.watersmeet.store.cassandra.CassandraStore;
import dev.watersmeet.testing.cassandra.CassandraCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One node of Apache Cassandra, and one session that all contenders share. */
public final class CassandraServer implements SharedServer {
    private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");

    private final CassandraCluster cluster;
    private final CqlSession session;

    private CassandraServer(CassandraCluster cluster) {
        this.cluster = cluster;
        this.session = CqlSession.builder()
                .addContactPoint(cluster.nodes().get(0).address())
                .withLocalDatacenter(CassandraCluster.DATACENTER)
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(60))
                        .build())
                .build();
    }

    /** Starts a node on an empty folder. */
    public static CassandraServer start(Path folder) {
        CassandraCluster cluster = CassandraCluster.start(folder.toAbsolutePath(), 1, "", JVM);
        try {
            return new CassandraServer(cluster);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public Store open() {
        return CassandraStore.open(session, CassandraOptions.defaults().withCopies(1));
    }

    @Override
    public List<Contender> others() {
        return List.of(BARE_DRIVER, CONDITIONAL_CELLS, CONDITIONAL_DOCUMENTS);
    }

    @Override
    public PlainCells open(Contender contender) {
        return switch (contender) {
            case BARE_DRIVER -> new CqlCells(session, CqlCells.Join.BLIND);
            case CONDITIONAL_CELLS -> new CqlCells(session, CqlCells.Join.CONDITIONAL_CELLS);
            case CONDITIONAL_DOCUMENTS -> new CqlCells(session, CqlCells.Join.CONDITIONAL_DOCUMENTS);
            default -> throw new IllegalArgumentException(contender + " takes no part here");
        };
    }

    @Override
    public List<String> notes() {
        return List.of(
                "One node with one copy and a heap of 1 GB, in a process of its own on the same machine; one session of the driver. Cassandra acknowledges when a write is in its commit log, which it syncs every ten seconds, as it"
                        + " is set up by default; that holds for all.",
                "Ours writes each cell twice, to the log that others follow and to the table, and reads the control record. The bare driver writes the same rows once, in unlogged batches of a partition, and merges by"
                        + " Cassandra's own resolution. Conditional writes read nothing before, and all their cells are new, which is their best case.");
    }

    @Override
    public void close() {
        session.close();
        cluster.close();
    }
}
