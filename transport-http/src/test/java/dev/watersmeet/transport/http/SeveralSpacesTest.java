package dev.watersmeet.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.FeedRequest;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.sync.Principal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A live feed of several spaces on one connection, over real HTTP. */
@Timeout(30)
class SeveralSpacesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final TestTokens tokens = new TestTokens();
    private volatile Instant now = NOW;
    private TestServer server;
    private TestReplica shop;
    private TestReplica depot;

    @BeforeEach
    void start() throws Exception {
        tokens.issue(TestServer.ANN, new Principal("ann"), Instant.MAX);
        server = new TestServer(TestServer.limits().with(Limit.SPACES_OF_FEED, 10), tokens, () -> now);
        shop = new TestReplica(server, "shop");
        depot = new TestReplica(server, "depot");
        shop.snapshot();
        depot.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    /** What an event tells, and of which space; null if of all. */
    private record Told(@Nullable String space, @Nullable String id, @Nullable Page page, @Nullable Problem problem) {
        static Told of(Events.Event event) {
            Map<String, Value> data = Value.parse(event.data()).members();
            assertThat(data).containsKey(event.name());
            byte[] told = data.get(event.name()).text().getBytes(UTF_8);
            boolean changes = event.name().equals("changes");
            Value space = data.get("space");
            return new Told(
                    space == null ? null : (String) space.toJava(),
                    event.id(),
                    changes ? MergeFormat.readPage(told) : null,
                    changes ? null : MergeFormat.readProblem(told));
        }
    }

    private static FeedRequest.Start start(String space, String cursor) {
        return new FeedRequest.Start(space, cursor);
    }

    private HttpRequest.Builder request(FeedRequest.Start... spaces) {
        return server.request("/v1/feed")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        MergeFormat.writeFeedRequest(new FeedRequest(List.of(spaces)))));
    }

    private Events open(FeedRequest.Start... spaces) throws Exception {
        return Events.open(server, request(spaces));
    }

    private Events openBoth() throws Exception {
        return open(start("shop", shop.cursor()), start("depot", depot.cursor()));
    }

    /** The next events, by their spaces. */
    private static Map<String, Told> next(Events events, int count) throws Exception {
        Map<String, Told> told = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Told next = Told.of(events.nextEvent());
            told.put(String.valueOf(next.space()), next);
        }
        return told;
    }

    private Problem refused(HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> response = server.send(request);
        Problem problem = MergeFormat.readProblem(response.body());
        assertThat(response.statusCode()).isEqualTo(problem.code().status());
        return problem;
    }

    private HttpRequest.Builder post(String body) {
        return server.request("/v1/feed")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    @Tag("P-20")
    void beginsWithAPageOfEachAndBringsTheChangesOfEach() throws Exception {
        Events events = openBoth();
        assertThat(events.response.headers().firstValue("Content-Type")).contains("text/event-stream");
        Map<String, Told> first = next(events, 2);
        assertThat(first).containsOnlyKeys("shop", "depot");
        assertThat(first.values())
                .allSatisfy(told -> assertThat(told.page().documents()).isEmpty());
        for (int i = 0; i < 5; i++) {
            shop.sync(shop.put("1", Map.of("a", i)));
            assertThat(Told.of(events.nextEvent()).space()).isEqualTo("shop");
            depot.sync(depot.put("1", Map.of("a", i)));
            Told told = Told.of(events.nextEvent());
            assertThat(told.space()).isEqualTo("depot");
            assertThat(told.page().cursor()).isEqualTo(depot.cursor());
            assertThat(told.page().documents()).extracting(DocumentCells::id).containsExactly(TestReplica.item("1"));
        }
        assertThat(server.servlet.openFeeds()).isEqualTo(1);
    }

    @Test
    @Tag("P-20")
    void theIdOfAnEventResumesAllSpaces() throws Exception {
        FeedRequest.Start[] starts = {start("shop", shop.cursor()), start("depot", depot.cursor())};
        shop.sync(shop.put("seen", Map.of("a", 1)));
        depot.sync(depot.put("seen", Map.of("a", 1)));
        Events first = open(starts);
        first.nextEvent();
        String id = first.nextEvent().id();
        first.disconnect();
        depot.sync(depot.put("new", Map.of("a", 1)));

        Events second = Events.open(server, request(starts).header("Last-Event-ID", id));

        Map<String, Told> told = next(second, 2);
        assertThat(told.get("shop").page().documents()).isEmpty();
        assertThat(told.get("depot").page().documents())
                .extracting(DocumentCells::id)
                .containsExactly(TestReplica.item("new"));
    }

    @Test
    @Tag("P-20")
    void aProblemOfOneSpaceEndsItAndTheOthersGoOn() throws Exception {
        Events events = open(start("closed", shop.cursor()), start("shop", shop.cursor()), start("depot", "unknown"));
        Map<String, Told> told = next(events, 3);
        assertThat(told.get("closed").problem().code()).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(told.get("closed").id()).isNull();
        assertThat(told.get("depot").problem().code()).isEqualTo(ProblemCode.RESYNC);
        depot.sync(depot.put("1", Map.of("a", 1)));
        shop.sync(shop.put("1", Map.of("a", 1)));
        assertThat(Told.of(events.nextEvent()).space()).isEqualTo("shop");
    }

    @Test
    @Tag("P-20")
    void endsWithTheProblemOfTheLastSpace() throws Exception {
        Events events = open(start("closed-1", shop.cursor()), start("shop", "unknown"));
        assertThat(next(events, 2)).containsOnlyKeys("closed-1", "shop");
        assertThat(events.next()).isNull();
    }

    @Test
    @Tag("P-20")
    void aTokenThatExpiresEndsAll() throws Exception {
        tokens.issue(TestServer.BEN, new Principal("ben"), NOW.plusSeconds(60));
        Events events = Events.open(
                server,
                request(start("shop", shop.cursor()), start("depot", depot.cursor()))
                        .setHeader("Authorization", "Bearer " + TestServer.BEN));
        next(events, 2);
        now = NOW.plusSeconds(60);
        Told last = Told.of(events.nextEvent());
        assertThat(last.space()).isNull();
        assertThat(last.problem().code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
        assertThat(events.next()).isNull();
    }

    @Test
    @Tag("P-20")
    void anIdThatIsTooLongForAHeaderIsLeftOut() throws Exception {
        String longest = "x".repeat(2_048);
        Events events = open(start("a", longest), start("b", longest), start("shop", shop.cursor()));
        Told told = next(events, 3).get("shop");
        assertThat(told.page()).isNotNull();
        assertThat(told.id()).isNull();
    }

    @Test
    void manyChangesOfOneSpaceDoNotKeepTheOthersWaiting() throws Exception {
        String beginning = depot.cursor();
        for (int i = 0; i < 6; i++) {
            DocumentCells[] items = new DocumentCells[500];
            for (int j = 0; j < items.length; j++) {
                items[j] = depot.put(i + "-" + j, Map.of("a", i, "b", j, "c", j));
            }
            depot.sync(items);
        }
        Events events = open(start("depot", beginning), start("shop", shop.cursor()));
        List<String> order = new ArrayList<>();
        while (!order.contains("shop")) {
            order.add(Told.of(events.nextEvent()).space());
        }
        assertThat(order).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    @Tag("P-20")
    void whatIsNoRequestForAFeedIsRefused() throws Exception {
        FeedRequest.Start[] many = IntStream.range(0, 11)
                .mapToObj(i -> start("shop-" + i, shop.cursor()))
                .toArray(FeedRequest.Start[]::new);
        assertThat(refused(request(many)).code()).isEqualTo(ProblemCode.TOO_LARGE);
        assertThat(refused(post("{\"protocol\":1,\"spaces\":[]}")).code()).isEqualTo(ProblemCode.MALFORMED);
        assertThat(refused(post("{\"protocol\":1}")).detail()).contains("spaces");
        assertThat(refused(post("{\"protocol\":2,\"spaces\":[]}")).code()).isEqualTo(ProblemCode.PROTOCOL_UNSUPPORTED);
        String twice = "{\"space\":\"shop\",\"cursor\":\"x\"}";
        assertThat(refused(post("{\"protocol\":1,\"spaces\":[" + twice + "," + twice + "]}"))
                        .detail())
                .contains("shop");
        assertThat(refused(request(start("../shop", "x"))).code()).isEqualTo(ProblemCode.MALFORMED);
        assertThat(refused(request(start("shop", "x")).header("Last-Event-ID", "one two"))
                        .code())
                .isEqualTo(ProblemCode.MALFORMED);
        for (String cursor : List.of("", "a b", "a\\nid: b", "é")) {
            String broken = "{\"space\":\"depot\",\"cursor\":\"" + cursor + "\"}";
            assertThat(refused(post("{\"protocol\":1,\"spaces\":[" + broken + "]}"))
                            .code())
                    .as("it would be part of the ids of all events")
                    .isEqualTo(ProblemCode.MALFORMED);
        }
        assertThat(refused(request(start("shop", "x")).setHeader("Content-Type", MessageForm.BATCH.mediaType()))
                        .code())
                .isEqualTo(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        assertThat(refused(request(start("shop", "x")).setHeader("Authorization", "Bearer foreign"))
                        .code())
                .isEqualTo(ProblemCode.UNAUTHENTICATED);
        assertThat(refused(server.request("/v1/feed")).code()).isEqualTo(ProblemCode.METHOD_NOT_ALLOWED);
        assertThat(server.servlet.openFeeds()).isZero();
    }
}
