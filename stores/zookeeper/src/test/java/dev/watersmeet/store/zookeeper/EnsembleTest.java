package dev.watersmeet.store.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.Pushes;
import dev.watersmeet.testing.zookeeper.Sync;
import dev.watersmeet.testing.zookeeper.ZooKeeperEnsemble;
import dev.watersmeet.testing.zookeeper.ZooKeeperServer;
import java.nio.file.Path;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three servers, of which the leader is killed while pushes go on. */
@Timeout(240)
class EnsembleTest {
    @Test
    void nothingAcknowledgedIsLostWithLeadersThatDie(@TempDir Path folder) throws Exception {
        try (ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start(folder, 3, Sync.LAZY);
                CuratorFramework one = Servers.connect(ensemble.connectString());
                CuratorFramework two = Servers.connect(ensemble.connectString());
                Store first = ZooKeeperStore.open(one, ZooKeeperOptions.defaults());
                Store second = ZooKeeperStore.open(two, ZooKeeperOptions.defaults())) {
            Pushes pushes = Sample.pushesThrough(first, second);
            pushes.awaitMore(50);
            for (int i = 0; i < 2; i++) {
                ZooKeeperServer leader = ensemble.leader();
                leader.kill();
                pushes.awaitMore(50);
                leader.restart();
                pushes.awaitMore(50);
            }
            int documents = pushes.end().size();
            assertThat(first.count(Sample.SPACE)).isEqualTo(documents);
            assertThat(second.count(Sample.SPACE)).isEqualTo(documents);
        }
    }
}
