package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.ClockedFixture;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

class ZooKeeperStoreTest extends StoreContract {
    private static final AtomicInteger MADE = new AtomicInteger();

    @Override
    protected StoreFixture fixture() {
        return new RootFixture("/kit" + MADE.incrementAndGet());
    }

    /** A root for one test. */
    private static final class RootFixture extends ClockedFixture {
        private final String root;

        RootFixture(String root) {
            this.root = root;
        }

        @Override
        public Store open() {
            ZooKeeperOptions options = ZooKeeperOptions.defaults().withRoot(root);
            return ZooKeeperStore.open(Servers.client(), options, this::millis);
        }

        @Override
        public Optional<Runnable> copy() {
            Map<String, byte[]> copy = new HashMap<>();
            zooKeeper(zooKeeper -> {
                for (String path : ZKUtil.listSubTreeBFS(zooKeeper, root)) {
                    copy.put(path, zooKeeper.getData(path, false, null));
                }
            });
            return Optional.of(() -> {
                close();
                zooKeeper(zooKeeper -> {
                    for (String path : copy.keySet().stream().sorted().toList()) {
                        zooKeeper.create(path, copy.get(path), ZooDefs.Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
                    }
                });
                renewEpochs();
            });
        }

        @Override
        public void close() {
            zooKeeper(zooKeeper -> {
                if (zooKeeper.exists(root, false) != null) {
                    ZKUtil.deleteRecursive(zooKeeper, root);
                }
            });
        }

        /** Something done with ZooKeeper. */
        @FunctionalInterface
        private interface Action {
            void with(ZooKeeper zooKeeper) throws KeeperException, InterruptedException;
        }

        private static void zooKeeper(Action action) {
            try {
                action.with(Servers.client().getZookeeperClient().getZooKeeper());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
