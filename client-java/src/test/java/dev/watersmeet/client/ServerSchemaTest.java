package dev.watersmeet.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.SchemaDifference;
import dev.watersmeet.format.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that declare something else than the server (P-25). */
class ServerSchemaTest {
    private final TestServer server = TestServer.start();
    private final List<List<SchemaDifference>> told = new ArrayList<>();

    @AfterEach
    void close() {
        server.close();
    }

    private ReplicaClient.Builder client() {
        return server.client().schema(TestServer.NOTES).onSchemaDifferences(told::add);
    }

    private long asked() {
        return server.requests().stream()
                .filter(path -> path.contains("/schema"))
                .count();
    }

    @Test
    @Tag("P-25")
    void whatIsDeclaredOtherwiseIsToldOnceWithTheFieldsAndBothTypes() {
        try (ReplicaClient client = client().collection("drafts", CollectionSchema.of(Map.of("seen", FieldType.FLAG)))
                .open()) {
            client.sync();
            client.sync();
            assertThat(told)
                    .containsExactly(List.of(
                            new SchemaDifference("drafts", "seen", "flag", "register"),
                            new SchemaDifference("drafts", null, "add-wins", "last-writer-wins")));
            assertThat(asked()).isEqualTo(1);
        }
    }

    @Test
    @Tag("P-25")
    void whoDeclaresTheSameIsToldNothingAndNeedNotAsk() {
        try (ReplicaClient client = client().open()) {
            client.sync();
            assertThat(told).isEmpty();
            assertThat(asked()).isZero();
        }
    }

    @Test
    void aListenerThatThrowsDoesNotHoldUpTheExchange() {
        try (ReplicaClient client = server.client()
                .onSchemaDifferences(differences -> {
                    throw new IllegalStateException("of the application");
                })
                .open()) {
            client.collection("items").put("a", Map.of("name", "Box"));
            client.sync();
            assertThat(server.items().get("a")).isPresent();
        }
    }

    @Test
    @Tag("P-25")
    void anEditOfAFieldThatTheServerDeclaresOtherwiseIsRefusedAndKeptForTheApplication() {
        try (ReplicaClient client = server.client().open()) { // for which tags are a register
            client.collection("notes").put("n", Map.of("tags", "red"));
            client.sync();
            assertThat(client.rejected()).singleElement().satisfies(edit -> {
                assertThat(edit.code()).isEqualTo(RejectionCode.SCHEMA_MISMATCH);
                assertThat(edit.detail()).contains("tags", "set", "register");
            });
        }
    }
}
