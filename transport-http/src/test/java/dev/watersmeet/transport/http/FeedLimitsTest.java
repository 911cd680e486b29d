package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a live feed lasts, and how many one principal may have, over real HTTP. */
@Timeout(30)
class FeedLimitsTest {
    private static final Duration LIFETIME = Duration.ofSeconds(1);
    private static final int FEEDS_OF_PRINCIPAL = 3;

    private TestServer server;
    private TestReplica ann;

    private void start(Duration lifetime) throws Exception {
        server = new TestServer(TestServer.limits()
                .with(Limit.FEED_LIFETIME, lifetime.toMillis())
                .with(Limit.FEEDS_OF_PRINCIPAL, FEEDS_OF_PRINCIPAL));
        ann = new TestReplica(server, "shop");
        ann.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.stop();
        }
    }

    private Events open(TestReplica replica) throws Exception {
        return Events.open(server, server.request(replica.path("changes?cursor=" + replica.cursor())));
    }

    private static void readToTheEnd(Events events, TestReplica replica) throws Exception {
        for (Events.Event event = events.next(); event != null; event = events.next()) {
            if (event.name() != null) {
                replica.receive(event.page());
            }
        }
    }

    private HttpRequest.Builder feed(String token) {
        return HttpRequest.newBuilder(server.uri(ann.path("changes?cursor=" + ann.cursor())))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream");
    }

    private void awaitNoFeeds() throws InterruptedException {
        awaitFeeds(0);
    }

    private void awaitFeeds(int count) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(10));
        while (server.servlet.openFeeds() != count) {
            assertThat(Instant.now()).as("%d feeds are open within 10 s", count).isBefore(end);
            Thread.sleep(10);
        }
    }

    @Test
    void aFeedEndsAfterItsLifetimeAndNotBefore() throws Exception {
        start(LIFETIME);
        Instant begun = Instant.now();
        Events events = open(ann);
        readToTheEnd(events, ann);
        assertThat(Duration.between(begun, Instant.now()))
                .isGreaterThanOrEqualTo(LIFETIME.multipliedBy(8).dividedBy(10));
        awaitNoFeeds();
    }

    @Test
    void aFeedWithSomethingToSayAllTheTimeEndsToo() throws Exception {
        start(LIFETIME);
        Events events = open(ann);
        TestReplica ben = new TestReplica(server, "shop");
        ben.snapshot();
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; server.servlet.openFeeds() > 0; i++) {
                    ben.sync(ben.put("1", Map.of("votes", i)));
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        writer.start();
        readToTheEnd(events, ann);
        writer.join();
    }

    @Test
    void theNextFeedGoesOnWhereTheLastEnded() throws Exception {
        start(LIFETIME);
        TestReplica ben = new TestReplica(server, "shop");
        ben.snapshot();
        Events first = open(ann);
        ben.sync(ben.put("1", Map.of("a", 1)));
        readToTheEnd(first, ann);
        assertThat(ann.record("1")).isPresent();

        ben.sync(ben.put("2", Map.of("a", 1)));
        assertThat(open(ann).nextEvent().page().documents())
                .extracting(DocumentCells::id)
                .containsExactly(TestReplica.item("2"));
    }

    @Test
    void nobodyTakesThePlacesOfTheOthers() throws Exception {
        start(HttpLimits.defaults().durationOf(Limit.FEED_LIFETIME));
        for (int i = 0; i < FEEDS_OF_PRINCIPAL; i++) {
            Events.open(server, feed(TestServer.ANN)).nextEvent();
        }

        HttpResponse<byte[]> refused = server.send(feed(TestServer.ANN));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        Problem problem = MergeFormat.readProblem(refused.body());
        assertThat(problem.code()).isEqualTo(ProblemCode.RATE_LIMITED);
        assertThat(problem.detail()).contains("ann").contains("3");
        assertThat(Events.open(server, feed(TestServer.BEN)).nextEvent().page().documents())
                .isEmpty();
    }

    @Test
    void aFeedThatEndsOrNeverBeganGivesItsPlaceBack() throws Exception {
        start(LIFETIME);
        for (int i = 0; i < FEEDS_OF_PRINCIPAL + 1; i++) {
            HttpResponse<byte[]> expired = server.send(
                    server.request(ann.path("changes?cursor=unknown")).header("Accept", "text/event-stream"));
            assertThat(MergeFormat.readProblem(expired.body()).code()).isEqualTo(ProblemCode.RESYNC);
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < FEEDS_OF_PRINCIPAL; i++) {
                open(ann).nextEvent();
            }
            awaitNoFeeds();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0001S"})
    void aLifetimeThatIsNoneIsRefused(Duration lifetime) {
        assertThatThrownBy(() -> start(lifetime))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("feed-lifetime")
                .hasMessageContaining("not " + lifetime.toMillis());
        server = null;
    }

    /** A client that is gone without a word, or keeps its place for nothing. */
    @Test
    void whoTakesNothingIsCutAndTheOthersStay() throws Exception {
        start(HttpLimits.defaults().durationOf(Limit.FEED_LIFETIME));
        server.idleTime(Duration.ofSeconds(1));
        try (Socket lazy = new Socket()) {
            lazy.setReceiveBufferSize(4096);
            lazy.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            lazy.getOutputStream()
                    .write(("GET " + ann.path("changes?cursor=" + ann.cursor())
                                    + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                                    + TestServer.BEN + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            awaitFeeds(1);
            Events events = open(ann);
            ann.receive(events.nextEvent().page());
            for (int i = 0; i < 20; i++) {
                ann.sync(ann.put("1", Map.of("name", "x".repeat(500_000) + i)));
                ann.receive(events.nextEvent().page());
            }
            awaitFeeds(1);
            ann.sync(ann.put("2", Map.of("name", "y")));
            assertThat(events.nextEvent().page().documents()).hasSize(1);
        }
    }
}
