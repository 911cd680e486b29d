package dev.watersmeet.testing.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One node, a process with its own folder. Not thread-safe. */
public final class CassandraNode implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(4);

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
    private final InetSocketAddress address;
    private final int ringDelayMillis;
    private final List<String> jvm;
    private @Nullable Process process;

    CassandraNode(Path folder, InetSocketAddress address, int ringDelayMillis, List<String> jvm) {
        this.folder = folder;
        this.address = address;
        this.ringDelayMillis = ringDelayMillis;
        this.jvm = jvm;
    }

    /** Where it speaks CQL. */
    public InetSocketAddress address() {
        return address;
    }

    /** Starts the process; see {@link #awaitReady}. */
    void launch(String configuration) {
        try {
            Path conf = Files.createDirectories(folder.resolve("conf"));
            Files.writeString(conf.resolve("cassandra.yaml"), configuration);
            Files.writeString(conf.resolve("logback.xml"), resource("logback.xml"));
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a node that was killed, on its data, and waits until it answers. */
    public void restart() {
        kill();
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitReady();
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-Djdk.attach.allowAttachSelf=true"));
        EXPORTS.forEach(exported -> command.add("--add-exports=" + exported + "=ALL-UNNAMED"));
        OPENS.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        command.addAll(List.of(
                "-Dcassandra.config=" + folder.resolve("conf/cassandra.yaml").toUri(),
                "-Dcassandra.storagedir=" + folder.resolve("data"),
                "-Dcassandra.logdir=" + folder.resolve("logs"),
                "-Dcassandra-foreground=yes",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0",
                "-Dcassandra.consistent.rangemovement=false",
                "-Dcassandra.ring_delay_ms=" + ringDelayMillis,
                "-Dcassandra.superuser_setup_delay_ms=0", // where passwords are asked for
                "-Dcassandra.memtable.row_overhead_size=180", // otherwise measured at each start, for seconds
                "-cp",
                folder.resolve("conf") + ":" + ownClasses() + ":" + resource("server.classpath"),
                NodeMain.class.getName()));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    private static String ownClasses() {
        return Path.of(URI.create(NodeMain.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CassandraNode.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Path log() {
        return folder.resolve("node.log");
    }

    /** Waits until the node answers. */
    void awaitReady() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answers()) {
            if (!running().isAlive()) {
                throw failure("ended with status " + running().exitValue());
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw failure("did not answer within " + START_TIMEOUT.toMinutes() + " minutes");
            }
            pause();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a node was starting", e);
        }
    }

    private IllegalStateException failure(String what) {
        try {
            List<String> lines = Files.readAllLines(log());
            String last = String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
            return new IllegalStateException("Cassandra at " + address + " " + what + "; " + log() + " ends:\n" + last);
        } catch (IOException e) {
            return new IllegalStateException("Cassandra at " + address + " " + what + ", and has no log", e);
        }
    }

    private Process running() {
        return Objects.requireNonNull(process, "the node was not started");
    }

    /** Stops the node at once, as a crash of the machine's process does: what it has acknowledged is in its commit log. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What an operator does with a node that runs. */
    public NodeManagement management() {
        return new NodeManagement(running(), folder.resolve("data/data"));
    }

    /** Freezes the process, whose connections stay open. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen process go on. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder(
                            "kill", "-" + name, Long.toString(running().pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the node; its folder stays. */
    @Override
    public void close() {
        kill();
    }
}
