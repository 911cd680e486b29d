package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.client.ReplicaClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of Cassandra that is put back to snapshots, the command that tells clients of it, and clients that go on. */
@Tag("P-23")
@Timeout(240)
class RestoredClusterTest {
    private static final String KEYSPACE = "restored";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private List<String> options(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(SecuredCluster.shared().options());
        arguments.add("--cassandra-keyspace=" + KEYSPACE);
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    private ServerProcess serve(int port) throws Exception {
        return ServerProcess.start(
                folder, options("--port=" + port, "--token=ada=secret").toArray(String[]::new));
    }

    private String renew(String name) throws Exception {
        List<String> arguments = options("--restored=" + name);
        arguments.add(0, "renew-epochs");
        try (ServerProcess command = ServerProcess.launch(folder, arguments.toArray(String[]::new))) {
            String told = command.restOfOutput();
            assertThat(command.exitCode()).as(command.errors()).isZero();
            return told;
        }
    }

    private static ReplicaClient client(URI server, String space) {
        return ReplicaClient.of(server, space, () -> "secret").open();
    }

    @Test
    void isGivenBackWhatTheSnapshotsLackOnceTheEpochsOfAllSpacesAreRenewed() throws Exception {
        SecuredCluster cluster = SecuredCluster.shared();
        cluster.makeKeyspace(KEYSPACE);
        URI uri;
        ReplicaClient writer;
        ReplicaClient elsewhere;
        try (ServerProcess server = serve(0)) {
            uri = server.uri("/v1");
            writer = client(uri, "shop");
            elsewhere = client(uri, "depot");
            for (ReplicaClient each : List.of(writer, elsewhere)) {
                each.collection("items").put("kept", Map.of("name", "box"));
                each.sync();
            }
            cluster.management().snapshot(KEYSPACE, "backup");
            for (ReplicaClient each : List.of(writer, elsewhere)) {
                each.collection("items").put("lost", Map.of("name", "jar"));
                each.sync();
            }
        }
        cluster.management().restore(KEYSPACE, "backup");

        assertThat(renew("monday")).contains("2 of 2 spaces are renewed as monday");
        assertThat(renew("monday")).contains("all 2 spaces were renewed before as monday");

        try (ServerProcess server = serve(uri.getPort())) {
            assertThat(server.uri("/v1")).isEqualTo(uri);
            assertHolds(uri, "shop", List.of("kept"));
            for (String space : List.of("shop", "depot")) {
                ReplicaClient returning = space.equals("shop") ? writer : elsewhere;
                returning.sync();
                assertThat(returning.pending()).isZero();
                assertThat(returning.rejected()).isEmpty();
                assertHolds(uri, space, List.of("kept", "lost"));
            }
        } finally {
            writer.close();
            elsewhere.close();
        }
    }

    private static void assertHolds(URI server, String space, List<String> items) throws IOException {
        try (ReplicaClient newcomer = client(server, space)) {
            newcomer.sync();
            for (String item : List.of("kept", "lost")) {
                assertThat(newcomer.collection("items").get(item).isPresent())
                        .as(item)
                        .isEqualTo(items.contains(item));
            }
        }
    }
}
