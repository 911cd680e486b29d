package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncRequest;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is run: started, asked over HTTP, stopped and killed. */
@Timeout(90)
class MainTest {
    private static final ReplicaId REPLICA = new ReplicaId(1);

    @TempDir
    private java.nio.file.Path folder;

    private ServerProcess start() throws Exception {
        return ServerProcess.start(folder, "--port", "0", "--data", "data", "--token", "ann=secret");
    }

    private static HttpRequest.Builder asAnn(ServerProcess server, String path) {
        return server.request(path).header("Authorization", "Bearer secret");
    }

    private static SnapshotPage snapshot(ServerProcess server) throws Exception {
        HttpResponse<byte[]> response = server.send(
                asAnn(server, "/v1/spaces/shop/snapshot?replica=" + REPLICA), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return MergeFormat.readSnapshotPage(response.body());
    }

    private static void push(ServerProcess server, String cursor, DocumentCells document) throws Exception {
        Push push = new Push(1, "0".repeat(26), null, List.of(new PushedDocument.Readable(document, false)));
        byte[] request = MergeFormat.writeSyncRequest(new SyncRequest(REPLICA, cursor, false, push));
        HttpResponse<byte[]> response = server.send(
                asAnn(server, "/v1/spaces/shop/sync")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request)),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(MergeFormat.readSyncAnswer(response.body()).push().rejected())
                .isEmpty();
    }

    private static DocumentCells document() {
        Stamp stamp = Stamp.of(System.currentTimeMillis(), 0, REPLICA);
        return new DocumentCells(
                DocumentId.of("items", "1"),
                DocumentState.of(Map.of(
                        Path.existence(REPLICA),
                        Cell.live(stamp),
                        Path.register("name"),
                        Cell.live(stamp, Value.of("nails")))));
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAKillAndTheCursorsStillHold() throws Exception {
        DocumentCells document = document();
        String cursor;
        try (ServerProcess server = start()) {
            cursor = snapshot(server).cursor();
            push(server, cursor, document);
        }
        try (ServerProcess server = start()) {
            SnapshotPage page = snapshot(server);
            assertThat(page.documents()).containsExactly(document);
            assertThat(page.last().number()).isEqualTo(1);
            HttpResponse<byte[]> changes = server.send(
                    asAnn(server, "/v1/spaces/shop/changes?cursor=" + cursor), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(MergeFormat.readPage(changes.body()).documents()).containsExactly(document);
        }
    }

    @Test
    void aSignalEndsTheFeedsAndTheProcessWithZero() throws Exception {
        try (ServerProcess server = start()) {
            String cursor = snapshot(server).cursor();
            HttpResponse<InputStream> feed = server.send(
                    asAnn(server, "/v1/spaces/shop/changes?cursor=" + cursor).header("Accept", "text/event-stream"),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(feed.statusCode()).isEqualTo(200);
            Instant before = Instant.now();
            server.process.toHandle().destroy(); // the process itself would close its streams, too
            assertThat(new String(feed.body().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("event: changes\n");
            assertThat(server.exitCode()).isZero();
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(8));
            assertThat(server.restOfOutput()).isEmpty();
            assertThat(server.errors()).contains("stopped").doesNotContain("Exception");
        }
    }

    @Test
    void twoServersDoNotShareAFolder() throws Exception {
        try (ServerProcess first = start();
                ServerProcess second = ServerProcess.launch(folder, "--port", "0", "--data", "data", "--demo")) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.errors().strip().lines())
                    .singleElement()
                    .asString()
                    .startsWith("watersmeet-server: ")
                    .contains("data");
            assertThat(second.restOfOutput()).isEmpty();
            assertThat(snapshot(first).documents()).isEmpty();
        }
    }

    @Test
    void aPortInUseIsSaidInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess server = ServerProcess.launch(
                        folder,
                        "--port",
                        Integer.toString(taken.getLocalPort()),
                        "--store",
                        "memory",
                        "--token",
                        "ann=secret")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errors().strip().lines())
                    .singleElement()
                    .asString()
                    .startsWith("watersmeet-server: cannot listen at 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aWrongOptionIsExplained() throws Exception {
        try (ServerProcess server = ServerProcess.launch(folder, "--token", "secret-without-a-name")) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.errors()).contains("NAME=TOKEN").doesNotContain("secret-without-a-name");
        }
    }

    private void succeeds(String said, String... arguments) throws Exception {
        try (ServerProcess command = ServerProcess.launch(folder, arguments)) {
            assertThat(command.exitCode()).as(command.errors()).isZero();
            assertThat(command.restOfOutput()).contains(said);
        }
    }

    @Test
    void aServerIsBackedUpWhileItRunsAndRestoredToANewFolder() throws Exception {
        DocumentCells document = document();
        String cursor;
        try (ServerProcess server = start()) {
            cursor = snapshot(server).cursor();
            push(server, cursor, document);
        }
        ServerProcess running = ServerProcess.start(
                folder, "--port", "0", "--data", "data", "--token", "ann=secret", "--backup", "backups");
        try (running) {
            succeeds("backup 1,", "restore", "--from", "backups", "--data", "restored");
        }
        succeeds("nothing is wrong", "check", "--data", "restored");
        succeeds("backup 2 of restored", "backup", "--data", "restored", "--to", "backups", "--keep", "1");

        try (ServerProcess server =
                ServerProcess.start(folder, "--port", "0", "--data", "restored", "--token", "ann=secret")) {
            assertThat(snapshot(server).documents()).containsExactly(document);
            HttpResponse<byte[]> changes = server.send(
                    asAnn(server, "/v1/spaces/shop/changes?cursor=" + cursor), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(changes.statusCode())
                    .as("the answer to a cursor of the former epoch")
                    .isEqualTo(409);
        }
    }

    @Test
    void commandsAboutAStoreThatIsNotThereOrInUseAreRefusedInOneLine() throws Exception {
        try (ServerProcess server = start()) {
            assertThat(snapshot(server).documents()).isEmpty();
            for (String[] arguments : new String[][] {
                {"check", "--data", "data"},
                {"check", "--data", "nowhere"},
                {"backup", "--data", "nowhere", "--to", "backups"},
                {"restore", "--from", "nowhere", "--data", "restored"}
            }) {
                try (ServerProcess command = ServerProcess.launch(folder, arguments)) {
                    assertThat(command.exitCode()).isEqualTo(1);
                    assertThat(command.errors().strip().lines())
                            .singleElement()
                            .asString()
                            .startsWith("watersmeet-server: ")
                            .containsAnyOf("is open already", "the folder nowhere holds no");
                }
            }
        }
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }
}
