package dev.watersmeet.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.format.MergeFormat;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program's option about the schema. */
@Timeout(90)
class SchemaProcessTest {
    private static final String SCHEMA =
            """
            {
              "collections": {
                "todos": { "fields": { "tags": "set", "votes": "counter" }, "deletion": "last-writer-wins" },
                "notes": { "fields": {}, "local": ["draft"] }
              }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    @Tag("P-25")
    @Tag("M-36")
    void itIsThatOfAllSpacesAndAnsweredAsItWasGiven() throws Exception {
        Files.writeString(folder.resolve("schema.json"), SCHEMA);
        try (ServerProcess server = ServerProcess.start(
                folder, "--port", "0", "--store", "memory", "--token", "ann=secret", "--schema", "schema.json")) {
            for (String space : new String[] {"shop", "depot"}) {
                HttpResponse<byte[]> response = server.send(
                        server.request("/v1/spaces/" + space + "/schema").header("Authorization", "Bearer secret"),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(MergeFormat.readSchema(response.body())).isEqualTo(Schema.parse(SCHEMA));
            }
            HttpResponse<byte[]> snapshot = server.send(
                    server.request("/v1/spaces/shop/snapshot?replica=0000000000001")
                            .header("Authorization", "Bearer secret"),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(new String(snapshot.body(), UTF_8))
                    .contains("\"schema\":\"" + Schema.parse(SCHEMA).fingerprint() + "\"");
        }
    }

    private void refuses(String... said) throws Exception {
        try (ServerProcess server = ServerProcess.launch(
                folder, "--port", "0", "--store", "memory", "--token", "ann=secret", "--schema", "schema.json")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errors().strip().lines())
                    .singleElement()
                    .asString()
                    .startsWith("watersmeet-server: the schema schema.json ")
                    .contains(said);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"collections\":                                               | JSON",
                "[]                                                              | the schema is an object",
                "{}                                                              | the schema has a member collections",
                "{\"collections\":{},\"colections\":{}}                          | has no member \"colections\"",
                "{\"collections\":{\"todos\":{\"fields\":{\"tags\":\"sets\"}}}}  | collections.todos.fields.tags",
                "{\"collections\":{\"todos\":{\"fields\":{},\"deletion\":\"x\"}}}| collections.todos.deletion",
                "{\"collections\":{\"todos\":{\"fields\":{},\"local\":\"a\"}}}   | collections.todos.local",
            })
    void aFileThatHoldsNoSchemaIsRefusedWithThePlace(String json, String place) throws Exception {
        Files.writeString(folder.resolve("schema.json"), json);
        refuses(place);
    }

    @Test
    void aFileThatIsNotThereOrTooLargeOrNoTextIsRefused() throws Exception {
        refuses("is not there");
        Files.write(folder.resolve("schema.json"), new byte[] {'"', (byte) 0xff, '"'});
        refuses("UTF-8");
        Files.writeString(folder.resolve("schema.json"), " ".repeat((1 << 20) + 1));
        refuses("more than 1048576 bytes");
    }

    @Test
    void itCannotDeclareTheCollectionOfTheDemo() throws Exception {
        Files.writeString(folder.resolve("schema.json"), "{\"collections\":{\"items\":{\"fields\":{}}}}");
        try (ServerProcess server =
                ServerProcess.launch(folder, "--port", "0", "--store", "memory", "--demo", "--schema", "schema.json")) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.errors()).contains("the demo declares the collection items itself");
        }
    }
}
