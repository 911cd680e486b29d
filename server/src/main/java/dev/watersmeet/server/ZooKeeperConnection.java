package dev.watersmeet.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.zookeeper.ZooKeeperOptions;
import dev.watersmeet.store.zookeeper.ZooKeeperStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryUntilElapsed;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the command that are about an ensemble of ZooKeeper. */
final class ZooKeeperConnection {
    private static final int SESSION_MILLIS = 15_000;
    private static final int CONNECT_MILLIS = 15_000;
    /** An election takes some seconds; who waits for longer is told that the store is not available. */
    private static final int PATIENCE_MILLIS = 10_000;

    private static final int RETRY_MILLIS = 100;

    @Option(
            names = "--zookeeper",
            paramLabel = "HOST:PORT,…[/PATH]",
            description =
                    "the servers of the ensemble, and a path that all other paths are below; with --store=zookeeper")
    private @Nullable String connectString;

    @Option(
            names = "--zookeeper-root",
            paramLabel = "/PATH",
            description = "the znode that all data are below",
            defaultValue = "/watersmeet")
    private String root = "";

    @Option(
            names = "--zookeeper-digest-file",
            paramLabel = "FILE",
            description =
                    "a file with NAME:PASSWORD, by which this server authenticates: all on one root have the same")
    private @Nullable Path digest;

    @Option(
            names = "--zookeeper-client-config",
            paramLabel = "FILE",
            description = "a configuration of ZooKeeper's client, for TLS and SASL")
    private @Nullable Path clientConfig;

    @Option(
            names = "--zookeeper-world-writable",
            description =
                    "let whoever reaches the ensemble read and write all data; without it they are for this server alone")
    private boolean worldWritable;

    /**
     * Opens the store.
     *
     * @throws IllegalArgumentException if an option is wrong; the message shows nothing of a secret
     */
    Store open() {
        if (connectString == null) {
            throw new IllegalArgumentException("--store=zookeeper needs --zookeeper, as host1:2181,host2:2181");
        }
        if (digest == null && clientConfig == null && !worldWritable) {
            throw new IllegalArgumentException("--store=zookeeper needs a --zookeeper-digest-file, or a"
                    + " --zookeeper-client-config with SASL or a certificate: what it keeps is for this server alone,"
                    + " unless --zookeeper-world-writable is given");
        }
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
                .connectString(connectString)
                .sessionTimeoutMs(SESSION_MILLIS)
                .connectionTimeoutMs(CONNECT_MILLIS)
                .retryPolicy(new RetryUntilElapsed(PATIENCE_MILLIS, RETRY_MILLIS));
        if (digest != null) {
            builder.authorization("digest", credentials(digest));
        }
        if (clientConfig != null) {
            builder.zkClientConfig(config(clientConfig));
        }
        ZooKeeperOptions options = ZooKeeperOptions.defaults().withRoot(root);
        return ZooKeeperStore.connect(builder, worldWritable ? options.worldWritable() : options);
    }

    private static byte[] credentials(Path file) {
        try {
            String text = Files.readString(file).strip();
            if (text.indexOf(':') < 1) {
                throw new IllegalArgumentException(file + " has no NAME:PASSWORD in it");
            }
            return text.getBytes(UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException("--zookeeper-digest-file cannot be read: " + file, e);
        }
    }

    private static ZKClientConfig config(Path file) {
        try {
            return new ZKClientConfig(file);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("--zookeeper-client-config cannot be read: " + file, e);
        }
    }
}
