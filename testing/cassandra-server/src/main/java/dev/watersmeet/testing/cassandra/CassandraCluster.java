package dev.watersmeet.testing.cassandra;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Nodes on 127.0.0.1, 127.0.0.2 and so on, at ports that were free. The tests of a run share one, for it takes ten seconds a node to start. */
public final class CassandraCluster implements AutoCloseable {
    /** The data centre that all nodes are in, if nothing else is said. */
    public static final String DATACENTER = "datacenter1";

    private static final List<String> SMALL_JVM =
            List.of("-Xms384m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final int RING_DELAY_MILLIS = 1_000;
    private static final int RING_DELAY_ALONE_MILLIS = 100;

    private final List<CassandraNode> nodes;

    private CassandraCluster(List<CassandraNode> nodes) {
        this.nodes = nodes;
    }

    /**
     * Starts nodes, one after the other, and waits until they answer.
     *
     * @param folder where their data, configuration and logs go; to be empty
     * @param count how many nodes
     */
    public static CassandraCluster start(Path folder, int count) {
        return start(folder, count, "");
    }

    /**
     * Starts nodes with more configuration.
     *
     * @param folder where their data, configuration and logs go; to be empty
     * @param count how many nodes
     * @param more lines of {@code cassandra.yaml}
     */
    public static CassandraCluster start(Path folder, int count, String more) {
        return start(folder, count, more, SMALL_JVM);
    }

    /**
     * Starts nodes in JVMs of another size, for benchmarks.
     *
     * @param folder where their data, configuration and logs go; to be empty
     * @param count how many nodes
     * @param more lines of {@code cassandra.yaml}
     * @param jvm the options of each node's JVM about its memory and compiler
     */
    public static CassandraCluster start(Path folder, int count, String more, List<String> jvm) {
        return start(folder, Collections.nCopies(count, DATACENTER), more, jvm);
    }

    /**
     * Starts nodes in several data centres.
     *
     * @param folder where their data, configuration and logs go; to be empty
     * @param datacentres that of each node
     */
    public static CassandraCluster start(Path folder, List<String> datacentres) {
        return start(folder, datacentres, "", SMALL_JVM);
    }

    private static CassandraCluster start(Path folder, List<String> datacentres, String more, List<String> jvm) {
        int count = datacentres.size();
        int cql = freePort(count);
        int storage = freePort(count);
        String seeds = host(0) + ":" + storage;
        List<CassandraNode> nodes = new ArrayList<>();
        CassandraCluster cluster = new CassandraCluster(nodes);
        try {
            for (int i = 0; i < count; i++) {
                InetSocketAddress address = new InetSocketAddress(host(i), cql);
                int delay = count == 1 ? RING_DELAY_ALONE_MILLIS : RING_DELAY_MILLIS;
                CassandraNode node = new CassandraNode(folder.resolve("node" + (i + 1)), address, delay, jvm);
                nodes.add(node);
                node.launch(configuration(i, count, cql, storage, seeds) + more, datacentres.get(i));
                node.awaitReady();
            }
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static String host(int index) {
        return "127.0.0." + (index + 1);
    }

    /** A port that is free on every node's address; somebody may take it before the node does, and the node then says so. */
    private static int freePort(int count) {
        for (int attempt = 0; ; attempt++) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getByName(host(0)))) {
                for (int i = 1; i < count; i++) {
                    new ServerSocket(first.getLocalPort(), 1, InetAddress.getByName(host(i))).close();
                }
                return first.getLocalPort();
            } catch (IOException e) {
                if (attempt == 10) {
                    throw new UncheckedIOException("no port is free on all of the nodes' addresses", e);
                }
            }
        }
    }

    private static String configuration(int index, int count, int cql, int storage, String seeds) {
        BigInteger step = BigInteger.ONE.shiftLeft(64).divide(BigInteger.valueOf(count));
        BigInteger token = BigInteger.valueOf(Long.MIN_VALUE)
                .add(step.multiply(BigInteger.valueOf(index)))
                .add(step.shiftRight(1));
        return """
                cluster_name: watersmeet
                num_tokens: 1
                initial_token: %s
                auto_bootstrap: false
                partitioner: org.apache.cassandra.dht.Murmur3Partitioner
                endpoint_snitch: GossipingPropertyFileSnitch
                seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: "%s"}]}]
                listen_address: %s
                rpc_address: %s
                storage_port: %d
                native_transport_port: %d
                commitlog_sync: periodic
                commitlog_sync_period: 10000ms
                auto_snapshot: false
                """
                .formatted(token, seeds, host(index), host(index), storage, cql);
    }

    /** The nodes, the first one being the seed. */
    public List<CassandraNode> nodes() {
        return List.copyOf(nodes);
    }

    /** Where the nodes speak CQL, as {@code host:port,host:port}. */
    public String contactPoints() {
        return nodes.stream()
                .map(node ->
                        node.address().getHostString() + ":" + node.address().getPort())
                .collect(joining(","));
    }

    /** Kills all nodes. */
    @Override
    public void close() {
        nodes.forEach(CassandraNode::close);
    }
}
