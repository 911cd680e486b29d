package dev.watersmeet.testing.cassandra;

import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.forked.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One node, a process with its own folder. Not thread-safe. */
public final class CassandraNode implements AutoCloseable {
    private static final List<String> EXPORTS = List.of(
            "java.base/jdk.internal.misc",
            "java.management.rmi/com.sun.jmx.remote.internal.rmi",
            "java.rmi/sun.rmi.registry",
            "java.rmi/sun.rmi.server");
    private static final List<String> OPENS = List.of(
            "java.base/jdk.internal.ref",
            "java.base/sun.nio.ch",
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.reflect",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.nio",
            "jdk.management/com.sun.management.internal");

    private final Path folder;
    private final ForkedServer server;

    CassandraNode(Path folder, InetSocketAddress address, int ringDelayMillis, List<String> jvm) {
        this.folder = folder;
        this.server = new ForkedServer(
                folder,
                address,
                new Program(
                        "Cassandra",
                        options(folder, ringDelayMillis, jvm),
                        folder.resolve("conf") + ":" + resource("server.classpath"),
                        "org.apache.cassandra.service.CassandraDaemon",
                        List.of()));
    }

    private static List<String> options(Path folder, int ringDelayMillis, List<String> jvm) {
        List<String> options = new ArrayList<>(jvm);
        options.add("-Djdk.attach.allowAttachSelf=true");
        EXPORTS.forEach(exported -> options.add("--add-exports=" + exported + "=ALL-UNNAMED"));
        OPENS.forEach(opened -> options.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        options.addAll(List.of(
                "-Dcassandra.config=" + folder.resolve("conf/cassandra.yaml").toUri(),
                "-Dcassandra.storagedir=" + folder.resolve("data"),
                "-Dcassandra.logdir=" + folder.resolve("logs"),
                "-Dcassandra-foreground=yes",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0",
                "-Dcassandra.consistent.rangemovement=false",
                "-Dcassandra.ring_delay_ms=" + ringDelayMillis,
                "-Dcassandra.superuser_setup_delay_ms=0", // where passwords are asked for
                "-Dcassandra.memtable.row_overhead_size=180")); // otherwise measured at each start, for seconds
        return options;
    }

    private static String resource(String name) {
        try (InputStream in = CassandraNode.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it speaks CQL. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** Starts the process; see {@link #awaitReady}. */
    void launch(String configuration, String datacentre) {
        try {
            Path conf = Files.createDirectories(folder.resolve("conf"));
            Files.writeString(conf.resolve("cassandra.yaml"), configuration);
            Files.writeString(conf.resolve("cassandra-rackdc.properties"), "dc=" + datacentre + "\nrack=rack1\n");
            Files.writeString(conf.resolve("logback.xml"), resource("logback.xml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.launch();
    }

    /** Starts a node that was killed, on its data, and waits until it answers. */
    public void restart() {
        server.restart();
    }

    /** Waits until the node answers. */
    void awaitReady() {
        server.awaitReady();
    }

    /** Stops the node at once, as a crash of the machine's process does: what it has acknowledged is in its commit log. */
    public void kill() {
        server.kill();
    }

    /** What an operator does with a node that runs. */
    public NodeManagement management() {
        return new NodeManagement(server.process(), folder.resolve("data/data"));
    }

    /** Freezes the process, whose connections stay open. */
    public void freeze() {
        server.freeze();
    }

    /** Lets a frozen process go on. */
    public void thaw() {
        server.thaw();
    }

    /** Kills the node; its folder stays. */
    @Override
    public void close() {
        kill();
    }
}
