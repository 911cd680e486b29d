package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.ProblemCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Live feeds over real HTTP. */
@Timeout(30)
class LiveFeedTest {
    private TestServer server;
    private TestReplica ann;
    private TestReplica ben;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        ann = new TestReplica(server, "shop");
        ben = new TestReplica(server, "shop");
        ann.snapshot();
        ben.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private Events open(TestReplica replica) throws Exception {
        return Events.open(server, server.request(replica.path("changes?cursor=" + replica.cursor())));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(10));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("it happens within 10 s").isBefore(end);
            Thread.sleep(10);
        }
    }

    @Test
    void beginsWithAPageSoThatTheClientKnowsItIsLive() throws Exception {
        Events events = open(ben);
        assertThat(events.response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(events.response.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(events.response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(events.nextEvent().page().documents()).isEmpty();
    }

    @Test
    @Tag("P-13")
    void bringsChangesAsTheyAreMade() throws Exception {
        Events events = open(ben);
        ben.receive(events.nextEvent().page());
        for (int i = 0; i < 20; i++) {
            ann.sync(ann.put("1", Map.of("votes", i + 1)));
            ben.receive(events.nextEvent().page());
            assertThat(ben.record("1").orElseThrow().fields().get("votes").number())
                    .isEqualTo(i + 1);
        }
    }

    @Test
    void bringsEditsOfTheServersOwnReplica() throws Exception {
        Events events = open(ben);
        events.nextEvent();
        server.engine.space("shop").collection("items").put("1", Map.of("name", "nails"));
        ben.receive(events.nextEvent().page());
        assertThat(ben.record("1")).isPresent();
    }

    @Test
    void bringsWhatWasMissedInPagesAndThenGoesOn() throws Exception {
        for (int i = 0; i < 12; i++) {
            DocumentCells[] items = new DocumentCells[500];
            for (int j = 0; j < items.length; j++) {
                items[j] = ann.put(i + "-" + j, Map.of("a", i, "b", j));
            }
            ann.sync(items);
        }
        Events events = open(ben);
        int pages = 0;
        while (ben.documents.size() < 6000) {
            ben.receive(events.nextEvent().page());
            pages++;
        }
        assertThat(pages).isGreaterThan(1);
        ann.sync(ann.put("last", Map.of("a", 1)));
        ben.receive(events.nextEvent().page());
        assertThat(ben.record("last")).isPresent();
    }

    @Test
    @Tag("P-13")
    void goesOnAfterTheLastEventThatArrived() throws Exception {
        String old = ben.cursor();
        ann.sync(ann.put("1", Map.of("a", 1)));
        Events first = open(ben);
        String seen = first.nextEvent().id();
        first.disconnect();
        ann.sync(ann.put("2", Map.of("a", 1)));
        Events second = Events.open(
                server, server.request(ben.path("changes?cursor=" + old)).header("Last-Event-ID", seen));
        assertThat(second.nextEvent().page().documents())
                .extracting(DocumentCells::id)
                .containsExactly(TestReplica.item("2"));
    }

    @Test
    @Tag("P-13")
    void saysThatItIsAliveWhileNothingHappens() throws Exception {
        Events events = open(ben);
        events.nextEvent();
        for (int i = 0; i < 3; i++) {
            assertThat(events.next()).isEqualTo(new Events.Event(null, null, ""));
        }
    }

    @Test
    @Tag("P-13")
    void endsWithAProblemIfItCannotGoOn() throws Exception {
        Events events = open(ben);
        events.nextEvent();
        server.store.close();
        Events.Event last = events.nextEvent();
        assertThat(last.name()).isEqualTo("problem");
        assertThat(last.id()).isNull();
        assertThat(MergeFormat.readProblem(last.data().getBytes(StandardCharsets.UTF_8))
                        .code())
                .isEqualTo(ProblemCode.STORE_UNAVAILABLE);
        assertThat(events.next()).isNull();
        await(() -> server.servlet.openFeeds() == 0);
    }

    @Test
    void letsGoOfClientsThatAreGone() throws Exception {
        List<Events> feeds = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            feeds.add(open(ben));
        }
        assertThat(server.servlet.openFeeds()).isEqualTo(5);
        for (Events feed : feeds) {
            feed.disconnect();
        }
        await(() -> server.servlet.openFeeds() == 0);
        ann.sync(ann.put("1", Map.of("a", 1)));
    }

    @Test
    void manyIdleFeedsHoldNoThreadsAndAllHear() throws Exception {
        List<Events> feeds = new ArrayList<>();
        for (int i = 0; i < TestServer.MAX_FEEDS; i++) {
            Events feed = open(ben);
            feed.nextEvent();
            feeds.add(feed);
        }
        assertThat(server.servlet.openFeeds()).isEqualTo(TestServer.MAX_FEEDS);
        await(() -> server.busyThreads() <= 2);
        ann.sync(ann.put("1", Map.of("a", 1)));
        for (Events feed : feeds) {
            assertThat(feed.nextEvent().page().documents()).hasSize(1);
        }
    }

    @Test
    void moreFeedsThanThereArePlacesForAreToldToComeLater() throws Exception {
        List<Events> feeds = new ArrayList<>();
        for (int i = 0; i < TestServer.MAX_FEEDS; i++) {
            feeds.add(open(ben));
        }
        HttpResponse<byte[]> refused = server.send(
                server.request(ben.path("changes?cursor=" + ben.cursor())).header("Accept", "text/event-stream"));
        assertThat(MergeFormat.readProblem(refused.body()).code()).isEqualTo(ProblemCode.RATE_LIMITED);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        feeds.get(0).disconnect();
        await(() -> server.servlet.openFeeds() < TestServer.MAX_FEEDS);
        assertThat(open(ben).nextEvent().page().documents()).isEmpty();
    }

    @Test
    void aClientThatDoesNotReadHoldsNobodyUp() throws Exception {
        try (Socket lazy = new Socket()) {
            lazy.setReceiveBufferSize(4096);
            lazy.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            request(lazy, ann.path("changes?cursor=" + ann.cursor()));
            await(() -> server.servlet.openFeeds() == 1);
            Events events = open(ben);
            ben.receive(events.nextEvent().page());
            String text = "x".repeat(500_000);
            for (int i = 0; i < 20; i++) {
                ann.sync(ann.put("1", Map.of("name", text + i)));
                ben.receive(events.nextEvent().page());
            }
            assertThat(ben.record("1")).isEqualTo(ann.record("1"));
            assertThat(server.servlet.openFeeds()).isEqualTo(2);
            events.disconnect();
        }
        await(() -> server.servlet.openFeeds() == 0);
    }

    private static void request(Socket socket, String path) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                        + TestServer.ANN + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Test
    void endsWithTheServletAndNoneBeginsAfterThat() throws Exception {
        Events events = open(ben);
        events.nextEvent();
        server.servlet.destroy();
        server.servlet.destroy();
        Events.Event event = events.next();
        while (event != null) {
            assertThat(event.name()).isNull();
            event = events.next();
        }
        assertThat(server.servlet.openFeeds()).isZero();
        HttpResponse<byte[]> refused = server.send(
                server.request(ben.path("changes?cursor=" + ben.cursor())).header("Accept", "text/event-stream"));
        assertThat(MergeFormat.readProblem(refused.body()).code()).isEqualTo(ProblemCode.STORE_UNAVAILABLE);
    }
}
