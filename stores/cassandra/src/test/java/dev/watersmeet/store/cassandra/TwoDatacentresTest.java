package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.testing.cassandra.CassandraCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Two data centres of one node each, and servers that use one of them. */
@EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
@Timeout(600)
class TwoDatacentresTest {
    private static final CassandraOptions LOCAL = CassandraOptions.defaults().withCopies(1);
    private static final CassandraOptions SPANNING =
            LOCAL.withConsistency(ConsistencyLevel.QUORUM, ConsistencyLevel.SERIAL);
    private static final String BOTH = "{'class': 'NetworkTopologyStrategy', 'east': 1, 'west': 1}";

    @TempDir
    static java.nio.file.Path folder;

    private static CassandraCluster cluster;
    private static CqlSession east;
    private static CqlSession west;

    @BeforeAll
    static void start() throws InterruptedException {
        cluster = CassandraCluster.start(folder, List.of("east", "west"));
        east = Cluster.connect(cluster.nodes().get(0), "east", config -> config);
        west = Cluster.connect(cluster.nodes().get(1), "west", config -> config);
        while (east.getMetadata().getNodes().size() < 2) {
            Thread.sleep(100);
        }
        CassandraStore.open(east, SPANNING).close();
    }

    @AfterAll
    static void end() {
        east.close();
        west.close();
        cluster.close();
    }

    @BeforeEach
    void copiesInBoth() {
        replicate(BOTH);
    }

    private static void replicate(String replication) {
        east.execute(SimpleStatement.newInstance("ALTER KEYSPACE watersmeet WITH replication = " + replication)
                .setTimeout(Duration.ofMinutes(1)));
    }

    @Test
    void serversInBothReadWhatWasWrittenInTheOther() {
        SpaceId space = SpaceId.of("space");
        ReplicaId replica = new ReplicaId(1);
        DocumentId id = DocumentId.of("things", "one");
        DocumentCells document = new DocumentCells(
                id, DocumentState.of(Map.of(Path.existence(replica), Cell.live(Stamp.of(1_000, 0, replica)))));
        Mark mark = new Mark(replica, "ada", 1, "nonce", "");
        try (Store first = CassandraStore.open(east, SPANNING);
                Store second = CassandraStore.open(west, SPANNING)) {
            first.join(space, Batch.of(List.of(document), mark));

            assertThat(second.read(space, List.of(id))).isEqualTo(Map.of(id, document.cells()));
            assertThat(second.mark(space, replica)).contains(mark);
        }
    }

    @Test
    void aDataCentreWithoutCopiesIsRefused() {
        replicate("{'class': 'NetworkTopologyStrategy', 'west': 1}");

        assertThat(Cluster.refusal(east, LOCAL))
                .hasMessageContaining("no copies in the data centre east")
                .hasMessageContaining("{'class': 'NetworkTopologyStrategy', 'west': 1, 'east': 3}");
        CassandraStore.open(west, LOCAL).close();
        CassandraStore.open(east, SPANNING).close();
    }

    @Test
    void copiesInAnyOfThemAreRefusedToWhoReadsThoseOfOne() {
        replicate("{'class': 'SimpleStrategy', 'replication_factor': 1}");

        assertThat(Cluster.refusal(east, LOCAL))
                .hasMessageContaining("SimpleStrategy")
                .hasMessageContaining("[east, west]");
        CassandraStore.open(east, SPANNING).close();
    }

    /** They check what is sent to them, and this server sends them nothing. */
    @Test
    void theSettingsOfTheOtherDataCentreDoNotMatter() {
        cluster.nodes().get(1).management().refuseTimesAfter("1d");
        try {
            CassandraStore.open(east, LOCAL).close();
            assertThat(Cluster.refusal(west, LOCAL)).hasMessageContaining("maximum_timestamp_fail_threshold");
        } finally {
            cluster.nodes().get(1).management().refuseTimesAfter(null);
        }
    }
}
