package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.Pushes;
import dev.watersmeet.testing.cassandra.CassandraCluster;
import dev.watersmeet.testing.cassandra.CassandraNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes with three copies, of which one is killed and one is frozen while pushes go on. */
@EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
@Timeout(900)
class ThreeNodesTest {
    private static final SpaceId SPACE = SpaceId.of("space");

    @Test
    void nothingAcknowledgedIsLostWithANodeThatDiesAndOneThatIsFrozen(@TempDir java.nio.file.Path folder)
            throws Exception {
        try (CassandraCluster cluster = CassandraCluster.start(folder, 3);
                CqlSession session = connectedToAll(cluster);
                Store first = CassandraStore.open(session, CassandraOptions.defaults());
                Store second = CassandraStore.open(session, CassandraOptions.defaults())) {
            Pushes pushes = Pushes.through(SPACE, ThreeNodesTest::documents, first, second);
            pushes.awaitMore(100);
            CassandraNode dying = cluster.nodes().get(2);
            dying.kill();
            pushes.awaitMore(100);
            dying.restart();
            CassandraNode frozen = cluster.nodes().get(1);
            frozen.freeze();
            pushes.awaitMore(100);
            frozen.thaw();
            pushes.awaitMore(100);
            pushes.end();
        }
    }

    /** A session, when the nodes know of each other: before, they agree on any schema. */
    private static CqlSession connectedToAll(CassandraCluster cluster) throws InterruptedException {
        CqlSession session = Cluster.connect(cluster);
        int nodes = cluster.nodes().size();
        while (session.getMetadata().getNodes().size() < nodes) {
            Thread.sleep(100);
        }
        return session;
    }

    private static List<DocumentCells> documents(Mark mark) {
        ReplicaId replica = mark.replica();
        Stamp stamp = Stamp.of(1_700_000_000_000L + mark.number(), 0, replica);
        return List.of(new DocumentCells(
                DocumentId.of("things", replica + "-" + mark.number()),
                DocumentState.of(Map.of(
                        Path.existence(replica),
                        Cell.live(stamp),
                        Path.register("field"),
                        Cell.live(stamp, Value.of(mark.number()))))));
    }
}
