package dev.watersmeet.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client does that is answered by something that is not our server, or means it harm: it says what was asked, and keeps what is pending. */
class HostileAnswersTest {
    private HttpServer server;
    private volatile byte[] answer = new byte[0];
    private volatile boolean compressed;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            if (compressed) {
                exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            }
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void assertRefused(String why) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        try (ReplicaClient client = ReplicaClient.of(url, "shop", () -> "token").open()) {
            client.collection("items").put("a", Map.of("name", "Box"));

            assertThatThrownBy(client::sync)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(url + "/spaces/shop/snapshot")
                    .hasMessageContaining(why);

            assertThat(client.pending()).isOne();
        }
    }

    @Test
    void aPageForPeopleIsRefused() {
        answer = "<!doctype html><title>Sign in</title>".getBytes(UTF_8);

        assertRefused("not of the merge format");
    }

    @Test
    void whatIsNotCompressedAsItSaysIsRefused() {
        answer = "{}".getBytes(UTF_8);
        compressed = true;

        assertRefused("GZIP");
    }

    @Test
    void membersWithoutContentAreRefused() throws IOException {
        byte[] member = gzip(0);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 200_000; i++) {
            members.write(member);
        }
        answer = members.toByteArray();
        compressed = true;

        assertRefused("members without content");
    }

    @Test
    void anAnswerThatIsTooLongOnceDecompressedIsRefused() throws IOException {
        answer = gzip(Transport.MAX_ANSWER_BYTES + 1);
        compressed = true;

        assertRefused("longer than " + Transport.MAX_ANSWER_BYTES + " bytes");
    }

    private static byte[] gzip(int bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            byte[] part = new byte[1 << 16];
            for (int left = bytes; left > 0; left -= part.length) {
                out.write(part, 0, Math.min(left, part.length));
            }
        }
        return compressed.toByteArray();
    }
}
