package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
        server = new TestServer(lifetime, new Places(TestServer.MAX_FEEDS, FEEDS_OF_PRINCIPAL));
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
        Instant end = Instant.now().plus(Duration.ofSeconds(10));
        while (server.servlet.openFeeds() > 0) {
            assertThat(Instant.now()).as("the feeds are closed within 10 s").isBefore(end);
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
        start(SyncServlet.DEFAULT_LIFETIME);
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
                .hasMessageContaining("lifetime")
                .hasMessageContaining(lifetime.toString());
        server = null;
    }
}
