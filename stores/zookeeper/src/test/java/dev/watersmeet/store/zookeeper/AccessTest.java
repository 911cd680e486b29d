package dev.watersmeet.store.zookeeper;

import static dev.watersmeet.store.zookeeper.Sample.SPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;

/** Who may read and write what a store keeps. */
class AccessTest {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final Batch BATCH = Batch.of(List.of(Sample.document(new ReplicaId(7), 1)));

    private final ZooKeeperOptions options = ZooKeeperOptions.defaults().withRoot("/access" + MADE.incrementAndGet());

    private static CuratorFrameworkFactory.Builder anonymous() {
        return Servers.anonymous(Servers.alone().connectString());
    }

    private static CuratorFrameworkFactory.Builder authenticated() {
        return Servers.builder(Servers.alone().connectString());
    }

    @Test
    void noZnodeIsForAnyoneElse() throws Exception {
        try (Store store = ZooKeeperStore.connect(authenticated(), options);
                CuratorFramework stranger = anonymous().build()) {
            store.join(SPACE, BATCH);
            stranger.start();
            List<String> all =
                    ZKUtil.listSubTreeBFS(Servers.client().getZookeeperClient().getZooKeeper(), options.root());
            ZooKeeper zooKeeper = stranger.getZookeeperClient().getZooKeeper();
            assertThat(all).hasSizeGreaterThan(40);
            for (String path : all) {
                assertThatThrownBy(() -> zooKeeper.getData(path, false, null))
                        .as(path)
                        .isInstanceOf(KeeperException.NoAuthException.class);
                assertThatThrownBy(() -> zooKeeper.setData(path, new byte[0], -1))
                        .as(path)
                        .isInstanceOf(KeeperException.NoAuthException.class);
            }
        }
    }

    @Test
    void whoIsNotAuthenticatedIsRefused() {
        assertRefused(anonymous(), "authenticate");
        ZooKeeperStore.connect(authenticated(), options).close();
        assertRefused(anonymous(), "authenticate");
        assertRefused(
                anonymous().authorization("digest", "watersmeet:wrong".getBytes(StandardCharsets.US_ASCII)),
                "authenticate");
    }

    private void assertRefused(CuratorFrameworkFactory.Builder builder, String reason) {
        StoreException refusal =
                catchThrowableOfType(StoreException.class, () -> ZooKeeperStore.connect(builder, options));
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
        assertThat(refusal).hasMessageContaining(reason);
    }

    @Test
    void whatAnyoneMayWriteHasToBeAskedFor() {
        try (Store open = ZooKeeperStore.connect(anonymous(), options.worldWritable())) {
            open.join(SPACE, BATCH);
        }

        assertRefused(authenticated(), "setAcl");
    }

    @Test
    void whatIsSomebodyElsesIsLeftAlone() throws Exception {
        Servers.client().create().forPath(options.root(), "theirs".getBytes(StandardCharsets.US_ASCII));

        assertRefused(authenticated(), "another root");
        assertThat(Servers.client().getChildren().forPath(options.root()))
                .as("nothing is made below it")
                .isEmpty();
    }

    @Test
    void aRootMayBeDeepAndAtTheEndOfAConnectStringThatExists() throws Exception {
        String deep = options.root() + "/apps/store";
        try (Store store = ZooKeeperStore.connect(authenticated(), options.withRoot(deep))) {
            store.join(SPACE, BATCH);
        }
        String chroot = Servers.alone().connectString() + options.root() + "/apps";
        try (Store store = ZooKeeperStore.connect(Servers.builder(chroot), options.withRoot("/store"))) {
            assertThat(store.count(SPACE)).isEqualTo(1);
        }
        assertRefused(Servers.builder(Servers.alone().connectString() + "/nowhere"), "connect string");
    }

    @Test
    void aNamespaceIsRefused() {
        try (CuratorFramework client = authenticated().namespace("elsewhere").build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ZooKeeperStore.open(client, options))
                    .withMessageContaining("elsewhere");
        }
    }

    @Test
    void anEnsembleThatIsNotThereIsUnavailable() {
        StoreException refusal = catchThrowableOfType(
                StoreException.class, () -> ZooKeeperStore.connect(Servers.builder("127.0.0.1:1"), options));
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE);
        assertThat(refusal).hasMessageContaining("127.0.0.1:1");
    }
}
