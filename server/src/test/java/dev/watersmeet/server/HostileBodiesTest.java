package dev.watersmeet.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.transport.http.HttpLimits;
import dev.watersmeet.transport.http.Limit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that no client sends, to each resource that takes one, against the server as it runs. */
@Timeout(60)
class HostileBodiesTest {
    private static final String SYNC = "/v1/spaces/shop/sync";
    private static final String FEED = "/v1/feed";
    private static final String TOKEN = "Authorization: Bearer secret\r\n";
    private static final String CLOSE = "Connection: close\r\n";
    private static final String GZIP = "Content-Encoding: gzip\r\n";
    private static final int MANY = 150_000;

    private WatersmeetServer server;

    @BeforeEach
    void start() throws IOException {
        Settings settings = Settings.of(Tenants.parse(List.of("ann=secret")))
                .with(HttpLimits.defaults()
                        .with(Limit.HEADER_TIME, 1_000)
                        .with(Limit.HEARTBEAT, 500)
                        .with(Limit.BODY_TIME, 1_000)
                        .with(Limit.IDLE_TIME, 2_000));
        server = WatersmeetServer.start(MemoryStore.empty(), settings);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String head(String target, String headers) {
        return "POST " + target + " HTTP/1.1\r\nHost: x\r\n" + TOKEN + "Content-Type: application/json\r\n" + headers
                + "\r\n";
    }

    private String post(String target, String headers, byte[] body) throws IOException {
        try (RawHttp connection = new RawHttp(server.uri())) {
            connection.send(head(target, CLOSE + headers + "Content-Length: " + body.length + "\r\n")
                    + new String(body, ISO_8859_1));
            return connection.rest();
        }
    }

    private void assertServed() throws IOException {
        assertThat(RawHttp.ask(server.uri(), "GET", "/v1/spaces/shop/snapshot?replica=0000000000001", TOKEN))
                .startsWith("HTTP/1.1 200 ");
    }

    private static byte[] gzip(byte[] content, int times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < times; i++) {
                gzip.write(content);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] repeated(byte[] member, int times) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            bytes.writeBytes(member);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {SYNC, FEED})
    void aBombIsRefusedBeforeItIsInflated(String target) throws IOException {
        byte[] bomb = gzip(new byte[1 << 20], 100);
        assertThat(post(target, GZIP, bomb)).startsWith("HTTP/1.1 413 ").contains("decompressed");
        assertServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {SYNC, FEED})
    void membersThatAreNoBombsOneByOneAreBoundedTogether(String target) throws IOException {
        byte[] bombs = repeated(gzip(new byte[1 << 20], 1), 100);
        assertThat(post(target, GZIP, bombs)).startsWith("HTTP/1.1 413 ").contains("decompressed");
        assertServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {SYNC, FEED})
    void membersWithoutContentAreBounded(String target) throws IOException {
        byte[] empty = repeated(gzip(new byte[0], 1), MANY);
        assertThat(post(target, GZIP, empty)).startsWith("HTTP/1.1 400 ").contains("\"code\":\"malformed\"");
        assertServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {SYNC, FEED})
    void aBombInABombIsInflatedOnce(String target) throws IOException {
        byte[] nested = gzip(gzip(new byte[1 << 20], 100), 1);
        assertThat(post(target, GZIP, nested)).startsWith("HTTP/1.1 400 ").contains("\"code\":\"malformed\"");
        assertThat(post(target, "Content-Encoding: gzip, gzip\r\n", nested)).startsWith("HTTP/1.1 415 ");
        assertThat(post(target, GZIP + GZIP, nested)).matches("(?s)HTTP/1\\.1 (400|415) .*");
        assertServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {SYNC, FEED})
    void membersThatAreCutOrChangedAreMalformed(String target) throws IOException {
        byte[] whole = gzip("{\"protocol\":1}".getBytes(UTF_8), 1);
        for (int length : new int[] {0, 1, 9, 12, whole.length - 9, whole.length - 1}) {
            byte[] cut = new byte[length];
            System.arraycopy(whole, 0, cut, 0, length);
            assertThat(post(target, GZIP, cut)).as("%d bytes", length).startsWith("HTTP/1.1 400 ");
        }
        byte[] changed = whole.clone();
        changed[whole.length - 5]++; // of the checksum
        assertThat(post(target, GZIP, changed)).startsWith("HTTP/1.1 400 ");
        assertServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {SYNC, FEED})
    void bodiesThatTrickleAreCutAndTheOthersAreServed(String target) throws Exception {
        try (RawHttp slow = new RawHttp(server.uri())) {
            slow.send(head(target, "Content-Length: 1000000\r\n"));
            while (takesMore(slow)) {
                assertServed();
                Thread.sleep(50);
            }
        }
        assertServed();
    }

    /** Whether a byte more was taken, and no answer has come. */
    private static boolean takesMore(RawHttp connection) throws IOException {
        try {
            connection.send(" ");
            return connection.socket.getInputStream().available() == 0;
        } catch (SocketException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SYNC, FEED})
    void headersAndQueriesAboveTheirBoundAreRefused(String target) throws IOException {
        String large = "x".repeat(20_000);
        for (String answer : List.of(
                post(target + "?x=" + large, "", new byte[0]),
                post(target, "X: " + large + "\r\n", new byte[0]),
                post(target, "Last-Event-ID: " + large + "\r\n", new byte[0]),
                post(target, "X: x\r\n".repeat(4_000), new byte[0]))) {
            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\"code\":\"too-large\"");
        }
        assertServed();
    }
}
