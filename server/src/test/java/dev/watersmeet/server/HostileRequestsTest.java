package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.transport.http.HttpLimits;
import dev.watersmeet.transport.http.Limit;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client sends, against the server as it runs. */
@Timeout(60)
class HostileRequestsTest {
    private static final String TOKEN = "Authorization: Bearer secret\r\n";
    private static final String SNAPSHOT = "/v1/spaces/shop/snapshot?replica=0000000000001";

    private static WatersmeetServer server;

    @BeforeAll
    static void start() throws IOException {
        Settings settings = Settings.of(Tenants.parse(List.of("ann=secret")))
                .with(HttpLimits.defaults()
                        .with(Limit.HEADER_TIME, 1_000)
                        .with(Limit.HEARTBEAT, 500)
                        .with(Limit.IDLE_TIME, 2_000));
        server = WatersmeetServer.start(MemoryStore.empty(), settings);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String get(String target, String headers) throws IOException {
        return RawHttp.ask(server.uri(), "GET", target, headers);
    }

    private static void assertServed() throws IOException {
        assertThat(get(SNAPSHOT, TOKEN)).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/spaces/../sync",
                "/v1/spaces/%2e%2e/sync",
                "/v1/spaces/%2E%2E%2Fshop/snapshot",
                "/v1/spaces/..%2fshop/snapshot",
                "/v1/spaces/a%2Fb/snapshot",
                "/v1/spaces/a%5cb/snapshot",
                "/v1/spaces/%252e%252e/snapshot",
                "/v1/spaces/..;x=1/snapshot",
                "/v1/spaces/shop%00/snapshot",
                "/v1/spaces/%00/snapshot",
                "/v1/spaces/shop\u0000/snapshot",
                "/v1/spaces/sh%0d%0aop/snapshot",
                "/v1/spaces/%c0%ae%c0%ae/snapshot",
                "/v1/spaces/%ff/snapshot",
                "/v1/spaces/%/snapshot",
                "/v1/spaces/%u002e/snapshot",
                "/v1/spaces/./snapshot",
                "/v1/spaces/.shop/snapshot",
                "/v1/spaces/sh\u00e4p/snapshot",
                "/v1//spaces/shop/snapshot",
                "//v1/spaces/shop/snapshot",
                "\\v1\\spaces\\shop\\snapshot",
                "/v1/spaces/*/snapshot",
                "http://elsewhere/v1/spaces/../x",
                "/v1/spaces/shop/snapshot/../../../../../etc/passwd",
                "/../../../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
            })
    @Tag("P-19")
    void pathsThatLeadElsewhereLeadNowhere(String path) throws IOException {
        String answer = get(path + "?replica=0000000000001", TOKEN);
        assertThat(answer).matches("(?s)HTTP/1\\.1 (400|404|405) .*").contains("application/problem+json");
        assertThat(answer).doesNotContain("root:", "Exception", "jetty", "\"documents\"", "\u0000");
    }

    @ParameterizedTest
    @CsvSource({"128, 200", "129, 400", "2000, 400"})
    @Tag("P-19")
    void aSpacesNameHasABound(int length, int status) throws IOException {
        String path = "/v1/spaces/" + "s".repeat(length) + "/snapshot?replica=0000000000001";
        assertThat(get(path, TOKEN)).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, changes?cursor=x",
        "GET, snapshot?replica=0000000000001",
        "POST, sync",
    })
    void noResourceAnswersWithoutATokenThatStands(String method, String resource) throws IOException {
        String path = "/v1/spaces/shop/" + resource;
        for (String token : List.of(
                "",
                "Authorization: Bearer wrong\r\n",
                "Authorization: Bearer \r\n",
                "Authorization: Basic YW5uOnNlY3JldA==\r\n",
                "Authorization: Bearer secret2\r\n",
                "Authorization: Bearer secre\r\n",
                "Authorization: Bearer secret secret\r\n",
                "Authorization: Bearer sec\u0000ret\r\n",
                "Cookie: token=secret\r\n",
                "X-Forwarded-User: ann\r\n")) {
            for (String accept : List.of("", "Accept: text/event-stream\r\n")) {
                String answer = RawHttp.ask(server.uri(), method, path, token + accept);
                assertThat(answer).matches("(?s)HTTP/1\\.1 (401|400) .*").contains("application/problem+json");
                assertThat(answer).doesNotContain("secret", "ann");
            }
        }
        assertThat(RawHttp.ask(
                        server.uri(), method, path + (path.contains("?") ? "&" : "?") + "access_token=secret", ""))
                .startsWith("HTTP/1.1 401 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "header", "many"})
    void headersAboveTheirBoundAreRefused(String where) throws IOException {
        String answer =
                switch (where) {
                    case "line" -> get(SNAPSHOT + "&x=" + "x".repeat(20_000), TOKEN);
                    case "header" -> get(SNAPSHOT, TOKEN + "X: " + "x".repeat(20_000) + "\r\n");
                    default -> get(SNAPSHOT, TOKEN + "X: x\r\n".repeat(4_000));
                };
        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\"code\":\"too-large\"");
        assertServed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length : 5\r\n",
                " folded: x\r\n",
            })
    void requestsOfTwoLengthsAreRefusedAndTheConnectionIsClosed(String headers) throws IOException {
        try (RawHttp connection = new RawHttp(server.uri())) {
            connection.send("POST /v1/spaces/shop/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + TOKEN + headers + "\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(connection.rest()).matches("(?s)HTTP/1\\.1 (400|501) .*").doesNotContain("{\"status\":\"up\"}");
        }
    }

    @Test
    void aBodyWithoutEndIsCut() throws IOException {
        try (RawHttp connection = new RawHttp(server.uri())) {
            connection.send("POST /v1/spaces/shop/sync HTTP/1.1\r\nHost: x\r\n" + TOKEN
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + " ".repeat(1 << 16) + "\r\n";
            boolean cut = false;
            long sent = 0;
            while (!cut && sent < 1L << 30) {
                try {
                    connection.send(chunk);
                    sent += chunk.length();
                    cut = connection.socket.getInputStream().available() > 0;
                } catch (SocketException e) {
                    cut = true;
                }
            }
            assertThat(cut).as("cut after %d bytes", sent).isTrue();
            assertThat(sent).isLessThan(64L << 20);
        }
        assertServed();
    }

    @Test
    void headersThatTrickleAreCutAndTheOthersAreServed() throws Exception {
        try (RawHttp slow = new RawHttp(server.uri());
                RawHttp later = new RawHttp(server.uri())) {
            later.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(later.socket.getInputStream().read()).isEqualTo('H');
            slow.send("GET /health HTTP/1.1\r\n");
            later.send("GET /health HTTP/1.1\r\n");
            while (trickles(slow)) {
                assertServed();
                Thread.sleep(50);
            }
            while (trickles(later)) {
                Thread.sleep(50);
            }
        }
    }

    /** Whether a header line more was taken. */
    private static boolean trickles(RawHttp connection) {
        try {
            connection.send("X: x\r\n");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void bodiesThatStandStillAreCutAndTheOthersAreServed() throws Exception {
        try (RawHttp slow = new RawHttp(server.uri())) {
            slow.send("POST /v1/spaces/shop/sync HTTP/1.1\r\nHost: x\r\n" + TOKEN
                    + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
            AtomicBoolean served = new AtomicBoolean();
            Thread other = new Thread(() -> {
                try {
                    assertServed();
                    served.set(true);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            other.start();
            other.join();
            assertThat(served).isTrue();
            assertThat(slow.rest()).doesNotContain("HTTP/1.1 200");
        }
    }

    @Test
    void idleConnectionsAreClosedAndLiveFeedsAreNot() throws Exception {
        String snapshot = get(SNAPSHOT, TOKEN);
        String cursor = snapshot.replaceAll("(?s).*\"cursor\":\"([^\"]*)\".*", "$1");
        try (RawHttp idle = new RawHttp(server.uri());
                RawHttp feed = new RawHttp(server.uri())) {
            feed.send("GET /v1/spaces/shop/changes?cursor=" + cursor + " HTTP/1.1\r\nHost: x\r\n" + TOKEN
                    + "Accept: text/event-stream\r\n\r\n");
            assertThat(idle.rest()).isEmpty(); // closed by the server, after longer than the header may take
            feed.send(" "); // neither is a feed a header that takes long
            int heartbeats = 0;
            int last = 0;
            while (heartbeats < 5) {
                int next = feed.socket.getInputStream().read();
                assertThat(next).as("the feed goes on").isNotNegative();
                heartbeats += last == '\n' && next == ':' ? 1 : 0;
                last = next;
            }
        }
    }
}
