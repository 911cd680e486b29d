package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What requests hold stays data in the log of the server as it is run (P-19). */
@Timeout(90)
class LogInjectionTest {
    /** A line break, the beginning of a terminal's commands in both its forms, a delete, a turn of direction, and the other line breaks. */
    private static final String HOSTILE =
            "x\\n2026-11-22T00:00:00.000Z INFO  Main: forged\\r\\u001b[31m\\u009b31m\\u007f\\u202e\\u0085\\u2028";

    @TempDir
    private Path folder;

    @Test
    @Tag("P-19")
    void namesTokensAndIdsReachTheLogOnOneLineAndWithoutCommands() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(folder, "--port", "0", "--store", "memory", "--token", "ann=secret")) {
            String cursor = new String(
                            server.send(
                                            asAnn(server, "/v1/spaces/shop/snapshot?replica=0000000000001"),
                                            HttpResponse.BodyHandlers.ofByteArray())
                                    .body(),
                            StandardCharsets.UTF_8)
                    .replaceAll("(?s).*\"cursor\":\"([^\"]*)\".*", "$1");
            // Whole uploads are logged, with the id of the document (P-9).
            assertThat(post(
                                    server,
                                    "{\"protocol\":1,\"replica\":\"0000000000001\",\"cursor\":\"" + cursor
                                            + "\",\"pull\":false,\"push\":{\"number\":1,\"nonce\":\"" + "0".repeat(26)
                                            + "\",\"after\":null,\"documents\":[{\"collection\":\"items\",\"id\":\""
                                            + HOSTILE
                                            + "\",\"whole\":true,\"cells\":[[[\"e\",\"0000000000001\"],\""
                                            + Stamp.of(System.currentTimeMillis(), 0, new ReplicaId(1)) + "\",0]]}]}}")
                            .statusCode())
                    .isEqualTo(200);
            raw(server, "GET /v1/spaces/%0a%1b[31m/snapshot HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n");
            raw(server, "GET /health HTTP/1.1\r\nHost: \u001b[31mx\r\nX\u001b: y\r\n");
            raw(server, "GET /v1/spaces/s/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \u001b[31m\r\n");
            raw(server, "\u001b[31m /\n HTTP/9.9\r\nHost: x\r\n");
            server.process.toHandle().destroy();
            assertThat(server.exitCode()).isZero();

            String log = server.errors();
            assertThat(log).contains("ann uploads").contains("stopped");
            assertThat(log.codePoints().filter(c -> c != '\n' && isHostile(c))).isEmpty();
            assertThat(log.lines()).allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+ (INFO |WARN |ERROR) .*"));
            assertThat(log.lines().filter(line -> line.contains("Main: forged")))
                    .allMatch(line -> line.contains("ann uploads"));
            assertThat(log).doesNotContain("secret");
        }
    }

    private static boolean isHostile(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static void raw(ServerProcess server, String head) throws Exception {
        try (RawHttp connection = new RawHttp(server.uri("/"))) {
            connection.send(head + "Connection: close\r\n\r\n");
            assertThat(connection.rest()).matches("(?s)HTTP/1\\.1 4.*");
        }
    }

    private static HttpRequest.Builder asAnn(ServerProcess server, String path) {
        return server.request(path).header("Authorization", "Bearer secret");
    }

    private static HttpResponse<String> post(ServerProcess server, String body) throws Exception {
        return server.send(
                asAnn(server, "/v1/spaces/shop/sync")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                HttpResponse.BodyHandlers.ofString());
    }
}
