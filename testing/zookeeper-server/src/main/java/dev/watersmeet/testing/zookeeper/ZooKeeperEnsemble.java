package dev.watersmeet.testing.zookeeper;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One server, or several that elect a leader, on 127.0.0.1 at ports that were free. */
public final class ZooKeeperEnsemble implements AutoCloseable {
    private final List<ZooKeeperServer> servers;

    private ZooKeeperEnsemble(List<ZooKeeperServer> servers) {
        this.servers = servers;
    }

    /** Starts servers that are set up as usual; see {@link #start(Path, ZooKeeperSetup)}. */
    public static ZooKeeperEnsemble start(Path folder, int count, Sync sync) {
        return start(folder, ZooKeeperSetup.of(count, sync));
    }

    /**
     * Starts servers, and waits until they serve.
     *
     * @param folder where their data, configuration and logs go; what is there of a single server is gone on with
     */
    public static ZooKeeperEnsemble start(Path folder, ZooKeeperSetup setup) {
        int count = setup.servers();
        List<Integer> ports = freePorts(3 * count);
        String members = "";
        for (int i = 0; count > 1 && i < count; i++) {
            members +=
                    "server." + (i + 1) + "=127.0.0.1:" + ports.get(count + i) + ":" + ports.get(2 * count + i) + "\n";
        }
        List<ZooKeeperServer> servers = new ArrayList<>();
        ZooKeeperEnsemble ensemble = new ZooKeeperEnsemble(servers);
        try {
            for (int i = 0; i < count; i++) {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(i));
                servers.add(new ZooKeeperServer(folder.resolve("server" + (i + 1)), i + 1, address, members, setup));
            }
            servers.forEach(ZooKeeperServer::launch);
            servers.forEach(ZooKeeperServer::awaitServing);
            return ensemble;
        } catch (RuntimeException e) {
            ensemble.close();
            throw e;
        }
    }

    /** Ports that are free; somebody may take one before a server does, and the server then says so. */
    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The servers, in the order of their numbers. */
    public List<ZooKeeperServer> servers() {
        return List.copyOf(servers);
    }

    /** The server that leads, or is alone. Waits for an election. */
    public ZooKeeperServer leader() {
        for (int attempt = 0; attempt < 300; attempt++) {
            for (ZooKeeperServer server : servers) {
                if (server.leads()) {
                    return server;
                }
            }
            ZooKeeperServer.pause();
        }
        throw new IllegalStateException("no server leads");
    }

    /** Where the servers listen, as {@code host:port,host:port}. */
    public String connectString() {
        return servers.stream().map(server -> "127.0.0.1:" + server.port()).collect(joining(","));
    }

    /** Kills all servers. */
    @Override
    public void close() {
        servers.forEach(ZooKeeperServer::close);
    }
}
