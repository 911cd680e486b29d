package dev.watersmeet.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.auth.jwt.JwtKeys;
import dev.watersmeet.auth.jwt.JwtTokens;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.FeedRequest;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.transport.http.Authenticator;
import dev.watersmeet.transport.http.HttpLimits;
import dev.watersmeet.transport.http.Peers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each resource answers to each who asks, and that a refused request changes nothing. */
@Timeout(60)
class AccessMatrixTest {
    private static final byte[] SECRET = "a secret of more than 32 bytes, which is shared".getBytes(US_ASCII);
    private static final String PEERS_SECRET = "the.secret.that.all.servers.have.01";
    private static final SpaceId SHOP = SpaceId.of("shop");
    private static final ReplicaId WRITER = new ReplicaId(1);
    private static final ReplicaId NEWCOMER = new ReplicaId(2);
    private static final ReplicaId ANOTHER = new ReplicaId(3);

    /** A replica that pushes nothing, and so is bound to nobody. */
    private static final ReplicaId READING = new ReplicaId(4);

    private static final String HELD = "nails";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Store store;
    private static WatersmeetServer server;
    private static String cursor;

    /** What is asked. */
    private enum Resource {
        PUSH,
        PUSH_AND_PULL,
        PULL,
        CHANGES,
        CHANGES_FEED,
        SNAPSHOT,
        SCHEMA,
        FEED,
        WAKE_UP;

        boolean writes() {
            return this == PUSH || this == PUSH_AND_PULL;
        }

        HttpRequest.Builder request() {
            return switch (this) {
                case PUSH -> post("spaces/shop/sync", sync(NEWCOMER, false, "screws"));
                case PUSH_AND_PULL -> post("spaces/shop/sync", sync(ANOTHER, true, "bolts"));
                case PULL -> post("spaces/shop/sync", sync(READING, true, null));
                case CHANGES -> get("spaces/shop/changes?cursor=" + cursor);
                case CHANGES_FEED -> events(get("spaces/shop/changes?cursor=" + cursor));
                case SNAPSHOT -> get("spaces/shop/snapshot?replica=" + READING);
                case SCHEMA -> get("spaces/shop/schema");
                case FEED ->
                    events(post(
                            "feed",
                            MergeFormat.writeFeedRequest(
                                    new FeedRequest(List.of(new FeedRequest.Start("shop", cursor))))));
                case WAKE_UP ->
                    HttpRequest.newBuilder(server.uri().resolve(Peers.PATH))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"spaces\":[\"shop\"]}"));
            };
        }

        private static HttpRequest.Builder get(String path) {
            return HttpRequest.newBuilder(server.uri().resolve("/v1/" + path));
        }

        private static HttpRequest.Builder post(String path, byte[] body) {
            return get(path)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        }

        private static HttpRequest.Builder events(HttpRequest.Builder request) {
            return request.header("Accept", "text/event-stream");
        }
    }

    /** Who asks. */
    private enum Caller {
        WITHOUT_TOKEN,
        WITH_WRONG_TOKEN,
        WITH_EXPIRED_TOKEN,
        OF_ANOTHER_SPACE,
        OF_NO_SPACE,
        READER,
        WRITER,
        /** Another server, which may wake this one and nothing else. */
        PEER;

        Optional<String> token() {
            return switch (this) {
                case WITHOUT_TOKEN -> Optional.empty();
                case WITH_WRONG_TOKEN -> Optional.of("wrong");
                case WITH_EXPIRED_TOKEN -> Optional.of(token(Map.of("shop", "write"), -3_600));
                case OF_ANOTHER_SPACE -> Optional.of(token(Map.of("depot", "write", "shop-2", "write"), 3_600));
                case OF_NO_SPACE -> Optional.of(token(Map.of(), 3_600));
                case READER -> Optional.of(token(Map.of("shop", "read", "depot", "write"), 3_600));
                case WRITER -> Optional.of(token(Map.of("shop", "write"), 3_600));
                case PEER -> Optional.of(PEERS_SECRET);
            };
        }

        private String token(Map<String, String> spaces, long seconds) {
            return SignedTokens.hs256(
                    SECRET,
                    "key-1",
                    SignedTokens.claims()
                            .subject(name())
                            .claim("spaces", spaces)
                            .expirationTime(SignedTokens.inSeconds(seconds)));
        }

        /** What a request is refused as; null if it is not. */
        @Nullable
        ProblemCode refusal(Resource resource) {
            if ((resource == Resource.WAKE_UP) != (this == PEER)) {
                return ProblemCode.UNAUTHENTICATED;
            }
            return switch (this) {
                case WITHOUT_TOKEN, WITH_WRONG_TOKEN, WITH_EXPIRED_TOKEN -> ProblemCode.UNAUTHENTICATED;
                case OF_ANOTHER_SPACE, OF_NO_SPACE -> ProblemCode.FORBIDDEN;
                case READER -> resource.writes() ? ProblemCode.FORBIDDEN : null;
                case WRITER, PEER -> null;
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        store = MemoryStore.empty();
        Authenticator tokens = JwtTokens.checkedWith(JwtKeys.secret(SECRET), SignedTokens.AUDIENCE)
                .spacesClaim("spaces")
                .build();
        Settings settings = new Settings(
                Settings.LOCAL_HOST,
                0,
                Tenants.parse(List.of()),
                tokens,
                HttpLimits.defaults(),
                Schema.empty(),
                Optional.empty(),
                false);
        server = WatersmeetServer.start(store, settings, Peers.of(List.of(), PEERS_SECRET));
        cursor = ""; // there is none before the first snapshot
        cursor = MergeFormat.readSnapshotPage(
                        send(Resource.SNAPSHOT, Caller.WRITER).body().readAllBytes())
                .cursor();
        HttpRequest.Builder first = Resource.post("spaces/shop/sync", sync(WRITER, false, HELD));
        assertThat(send(first, Caller.WRITER).statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] sync(ReplicaId replica, boolean pull, @Nullable String name) {
        Push push = null;
        if (name != null) {
            Stamp stamp = Stamp.of(System.currentTimeMillis(), 0, replica);
            DocumentCells document = new DocumentCells(
                    DocumentId.of("items", name),
                    DocumentState.of(Map.of(
                            Path.existence(replica),
                            Cell.live(stamp),
                            Path.register("name"),
                            Cell.live(stamp, Value.of(name)))));
            push = new Push(1, "0".repeat(26), null, List.of(new PushedDocument.Readable(document, false)));
        }
        return MergeFormat.writeSyncRequest(new SyncRequest(replica, cursor, pull, push));
    }

    private static HttpResponse<InputStream> send(Resource resource, Caller caller) throws Exception {
        return send(resource.request(), caller);
    }

    private static HttpResponse<InputStream> send(HttpRequest.Builder request, Caller caller) throws Exception {
        caller.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** All that the store holds and tells. */
    private static List<Object> held() {
        List<SpaceId> spaces = store.maintenance().spaces(null, 1_000);
        return List.of(
                spaces,
                store.head(SHOP),
                store.scan(SHOP, null, 1_000).documents(),
                Stream.of(WRITER, NEWCOMER, ANOTHER, READING)
                        .map(replica -> store.mark(SHOP, replica))
                        .toList());
    }

    private static String firstEvent(InputStream stream) throws IOException {
        StringBuilder event = new StringBuilder();
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8));
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            event.append(line).append('\n');
        }
        return event.toString();
    }

    static Stream<Arguments> matrix() {
        return Arrays.stream(Resource.values())
                .flatMap(resource -> Arrays.stream(Caller.values()).map(caller -> Arguments.of(resource, caller)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("matrix")
    @Tag("P-1")
    @Tag("P-20")
    void isAnsweredAsDocumentedAndChangesNothingWhereItIsRefused(Resource resource, Caller caller) throws Exception {
        ProblemCode refusal = caller.refusal(resource);
        List<Object> before = held();

        HttpResponse<InputStream> response = send(resource, caller);

        try (InputStream body = response.body()) {
            if (refusal == null) {
                assertThat(response.statusCode()).isEqualTo(resource == Resource.WAKE_UP ? 204 : 200);
                assertThat(response.headers().firstValue("Content-Type").orElse(""))
                        .doesNotContain("problem");
                assertThat(held().equals(before)).as("nothing has changed").isEqualTo(!resource.writes());
            } else if (resource == Resource.FEED && refusal == ProblemCode.FORBIDDEN) {
                assertThat(response.statusCode()).isEqualTo(200); // a problem of one space is told by an event of it
                assertThat(firstEvent(body))
                        .startsWith("event: problem\n")
                        .contains("\"space\":\"shop\"", "\"code\":\"forbidden\"")
                        .doesNotContain(HELD, cursor);
                assertThat(held()).isEqualTo(before);
            } else {
                byte[] problem = body.readAllBytes();
                assertThat(response.statusCode()).isEqualTo(refusal.status());
                assertThat(MergeFormat.readProblem(problem).code()).isEqualTo(refusal);
                assertThat(new String(problem, UTF_8)).doesNotContain(HELD, cursor);
                assertThat(held()).isEqualTo(before);
            }
        }
    }
}
