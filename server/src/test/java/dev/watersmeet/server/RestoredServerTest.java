package dev.watersmeet.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.client.ReplicaClient;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A server that is put back to a backup, by the program's own commands, and clients that go on with it. */
@Tag("P-23")
class RestoredServerTest {
    private static final String TOKEN = "token-of-ann";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private int port;

    /** Runs a server on a store, always at the same address, while something happens. */
    private void serve(Path data, Runnable happening) throws IOException {
        Tenants tenants = new Tenants(Map.of(TOKEN, "ann"), Map.of());
        Settings any = Settings.of(tenants);
        Settings settings = new Settings(
                any.host(), port, tenants, tenants.authenticator(), any.limits(), any.schema(), any.queries(), false);
        try (EmbeddedStore store = EmbeddedStore.open(data);
                WatersmeetServer server = WatersmeetServer.start(store, settings)) {
            port = server.uri().getPort();
            happening.run();
        }
    }

    private ReplicaClient client() {
        return ReplicaClient.of(URI.create("http://127.0.0.1:" + port + "/v1"), "shop", () -> TOKEN)
                .collection("items", CollectionSchema.of(Map.of("tags", FieldType.SET, "count", FieldType.COUNTER)))
                .open();
    }

    private static Optional<Value> item(ReplicaClient client, String id) {
        return client.collection("items").get(id);
    }

    private static Value count(ReplicaClient client, String id) {
        return requireNonNull(item(client, id).orElseThrow().fields().get("count"));
    }

    @Test
    void isGivenBackWhatTheBackupLacksByWhoeverHoldsIt() throws Exception {
        Path data = folder.resolve("data");
        List<ReplicaClient> clients = new ArrayList<>();
        serve(data, () -> {
            clients.add(client());
            clients.add(client());
            ReplicaClient writer = clients.get(0);
            writer.collection("items").put("kept", Map.of("name", "box", "count", 1));
            writer.collection("items").put("deleted", Map.of("name", "crate"));
            writer.sync();
        });
        ReplicaClient writer = clients.get(0);
        ReplicaClient reader = clients.get(1);
        run(
                "backup",
                "--data",
                data.toString(),
                "--to",
                folder.resolve("backups").toString());
        serve(data, () -> {
            writer.collection("items").edit("kept", item -> item.put("count", 5));
            writer.collection("items").put("lost", Map.of("name", "jar", "tags", List.of("glass")));
            writer.collection("items").delete("deleted");
            writer.sync();
            reader.sync();
            assertThat(item(reader, "lost")).isPresent();
        });
        Path restored = folder.resolve("restored");
        run("restore", "--from", folder.resolve("backups").toString(), "--data", restored.toString());
        serve(restored, () -> {
            reader.sync(); // the writer stays away: somebody else gives its edits back
            ReplicaClient newcomer = client();
            newcomer.sync();
            assertThat(count(newcomer, "kept")).isEqualTo(Value.of(5));
            assertThat(item(newcomer, "lost")).isPresent().isEqualTo(item(reader, "lost"));
            assertThat(item(newcomer, "deleted")).isEmpty();

            writer.collection("items").edit("kept", item -> item.put("count", 6));
            writer.sync();
            newcomer.sync();
            assertThat(count(newcomer, "kept")).isEqualTo(Value.of(6));
            assertThat(writer.rejected()).isEmpty();
            assertThat(writer.pending()).isZero();
        });
    }

    private static void run(String... arguments) {
        assertThat(new CommandLine(new Main()).execute(arguments)).isZero();
    }
}
