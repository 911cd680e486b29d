package dev.watersmeet.testing.zookeeper;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A way to a port of this machine over a port of its own that can be cut: what is sent then is lost, connections stay open for a while as if nothing had happened, and new ones are taken and not answered. That is how a broken
 * network looks, other than a server that has died.
 */
public final class CuttableNetwork implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile boolean deaf;
    private volatile @Nullable String fatal;

    private CuttableNetwork(int target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /** A way to a port on 127.0.0.1. */
    public static CuttableNetwork to(int target) {
        try {
            CuttableNetwork network =
                    new CuttableNetwork(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            network.run("network", network::accept);
            return network;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that leads to the other. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Loses from now on what is sent in either direction. */
    public void cut() {
        cut = true;
    }

    /** Loses what is sent back from the moment when something is sent that contains some bytes: it is done, and nobody hears of it. */
    public void cutAnswersTo(byte[] part) {
        fatal = new String(part, ISO_8859_1);
    }

    /** Whether {@link #cutAnswersTo} has come about. */
    public boolean isDeaf() {
        return deaf;
    }

    /** Lets new connections through again. Those from before are ended: they have lost a part of what was sent. */
    public void mend() {
        sockets.forEach(CuttableNetwork::close);
        cut = false;
        fatal = null;
        deaf = false;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            sockets.add(client);
            if (!cut) {
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(server);
                run("network-out", () -> forward(client, server, this::out));
                run("network-in", () -> forward(server, client, sent -> !cut && !deaf));
            }
        }
    }

    private boolean out(String sent) {
        String part = fatal;
        if (part != null && sent.contains(part)) {
            deaf = true;
        }
        return !cut;
    }

    private void forward(Socket from, Socket to, Predicate<String> passes) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (passes.test(new String(buffer, 0, read, ISO_8859_1))) {
                    out.write(buffer, 0, read);
                }
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Something that ends when a socket is closed. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // closed, by either end or by this
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends all connections, and takes no more. */
    @Override
    public void close() {
        close(listener);
        sockets.forEach(CuttableNetwork::close);
    }
}
