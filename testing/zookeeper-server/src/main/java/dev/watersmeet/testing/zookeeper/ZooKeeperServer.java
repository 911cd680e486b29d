package dev.watersmeet.testing.zookeeper;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.forked.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A server, in a process of its own. */
public final class ZooKeeperServer implements AutoCloseable {
    private static final String MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
    private static final int PATIENCE_SECONDS = 180;
    private static final int POLLS_PER_SECOND = 10;

    private final InetSocketAddress address;
    private final ForkedServer process;

    ZooKeeperServer(Path folder, int number, InetSocketAddress address, String members, ZooKeeperSetup setup) {
        this.address = address;
        try {
            Path data = Files.createDirectories(folder.resolve("data"));
            Files.writeString(data.resolve("myid"), Integer.toString(number));
            Files.writeString(folder.resolve("logback.xml"), resource("logback.xml"));
            Path configuration = Files.writeString(
                    folder.resolve("zoo.cfg"), configuration(data, address.getPort(), members + setup.configuration()));
            process = new ForkedServer(folder, address, program(folder, configuration, setup));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Program program(Path folder, Path configuration, ZooKeeperSetup setup) throws IOException {
        List<String> options = new ArrayList<>(setup.jvmOptions());
        options.add("-Dzookeeper.forceSync=" + (setup.sync() == Sync.FORCED ? "yes" : "no"));
        options.add("-Dzookeeper.preAllocSize=1024");
        return new Program(
                "ZooKeeper",
                options,
                folder + ":" + resource("server.classpath"),
                MAIN,
                List.of(configuration.toString()));
    }

    private static String configuration(Path data, int port, String more) {
        return """
                tickTime=500
                initLimit=40
                syncLimit=10
                dataDir=%s
                clientPort=%d
                clientPortAddress=127.0.0.1
                admin.enableServer=false
                maxClientCnxns=0
                4lw.commands.whitelist=srvr
                %s"""
                .formatted(data, port, more);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ZooKeeperServer.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        }
    }

    /** Where it listens for clients, on 127.0.0.1. */
    public int port() {
        return address.getPort();
    }

    /** Starts the process; see {@link #awaitServing}. */
    void launch() {
        process.launch();
    }

    /** Waits until the server serves: of several, that is when most are there. */
    void awaitServing() {
        process.awaitReady();
        for (int i = 0; i < PATIENCE_SECONDS * POLLS_PER_SECOND; i++) {
            if (status().contains("Mode: ")) {
                return;
            }
            pause();
        }
        throw new IllegalStateException("ZooKeeper at " + address + " does not serve; see " + process.log());
    }

    /** Whether it leads others, or is alone. */
    boolean leads() {
        String status = status();
        return status.contains("Mode: leader") || status.contains("Mode: standalone");
    }

    /** What the server says of itself; empty if it says nothing. */
    private String status() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(1_000);
            socket.connect(address, 1_000);
            socket.getOutputStream().write("srvr".getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    static void pause() {
        try {
            Thread.sleep(1_000 / POLLS_PER_SECOND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a server was waited for", e);
        }
    }

    /** Starts a server that was killed, on its data, and waits until it serves. */
    public void restart() {
        kill();
        launch();
        awaitServing();
    }

    /** Stops the server at once, as a crash of its process does. */
    public void kill() {
        process.kill();
    }

    /** Kills the server; its folder stays. */
    @Override
    public void close() {
        process.close();
    }
}
