package dev.watersmeet.store.zookeeper;

import dev.watersmeet.testing.zookeeper.Sync;
import dev.watersmeet.testing.zookeeper.ZooKeeperEnsemble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryUntilElapsed;
import org.jspecify.annotations.Nullable;

/** One server that all tests of a run share, started when the first of them needs it. It ends with the process. */
final class Servers {
    private static @Nullable ZooKeeperEnsemble alone;
    private static @Nullable CuratorFramework client;

    private Servers() {}

    static synchronized ZooKeeperEnsemble alone() {
        if (alone == null) {
            try {
                alone = ZooKeeperEnsemble.start(Files.createTempDirectory("zookeeper"), 1, Sync.LAZY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return alone;
    }

    /** A client that all tests share, too, authenticated as {@code watersmeet}. */
    static synchronized CuratorFramework client() {
        if (client == null) {
            client = connect(alone().connectString());
        }
        return client;
    }

    /** A client of its own. */
    static CuratorFramework connect(String connectString) {
        CuratorFramework own = builder(connectString).build();
        own.start();
        return own;
    }

    static CuratorFrameworkFactory.Builder builder(String connectString) {
        return anonymous(connectString)
                .authorization("digest", "watersmeet:secret".getBytes(StandardCharsets.US_ASCII));
    }

    static CuratorFrameworkFactory.Builder anonymous(String connectString) {
        return CuratorFrameworkFactory.builder()
                .connectString(connectString)
                .sessionTimeoutMs(4_000)
                .connectionTimeoutMs(4_000)
                .retryPolicy(new RetryUntilElapsed(15_000, 50));
    }
}
