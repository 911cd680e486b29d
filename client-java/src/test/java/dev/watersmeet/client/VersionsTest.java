package dev.watersmeet.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.RejectionCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** This client and servers of other versions (P-27), over real HTTP. */
class VersionsTest {
    private static final String SNAPSHOT = "{\"protocol\":1,\"time\":1790000000000,\"documents\":[],\"position\":null,"
            + "\"cursor\":\"c\",\"total\":0,\"last\":null,\"later\":{\"than\":[\"now\"]}}";
    private static final Pattern NONCE = Pattern.compile("\"nonce\":\"([0-9A-Z]{26})\"");

    private record Answer(int status, String body) {}

    private final List<URI> asked = new CopyOnWriteArrayList<>();
    private volatile BiFunction<String, String, Answer> answers = (path, body) -> new Answer(500, "");
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI());
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            Answer answer = answers.apply(exchange.getRequestURI().getPath(), body);
            byte[] bytes = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private ReplicaClient client() {
        ReplicaClient client = ReplicaClient.of(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1"), "shop", () -> "token")
                .open();
        client.collection("items").put("a", Map.of("name", "Box"));
        return client;
    }

    private static Problem refused(ReplicaClient client) {
        return catchThrowableOfType(ProblemException.class, client::sync).problem();
    }

    private static Answer problem(int status, String code, String retry) {
        return new Answer(
                status,
                "{\"status\":" + status + ",\"code\":\"" + code + "\",\"retry\":\"" + retry + "\",\"detail\":\"why\"}");
    }

    @Test
    @Tag("P-27")
    void aServerThatDoesNotSpeakThisVersionStopsTheClientAndNothingIsLost() {
        answers = (path, body) -> new Answer(
                400,
                "{\"status\":400,\"code\":\"protocol-unsupported\",\"retry\":\"never\",\"detail\":\"no\",\"supported\":[7]}");
        try (ReplicaClient client = client()) {
            assertThat(refused(client).code()).isEqualTo(ProblemCode.PROTOCOL_UNSUPPORTED);
            assertThat(client.pending()).isEqualTo(1);
            assertThat(client.collection("items").get("a")).isPresent();
            assertThat(asked.get(0).getQuery()).contains("protocol=1");
        }
    }

    @Test
    @Tag("P-27")
    void anAnswerInAnotherVersionIsNotRead() {
        answers = (path, body) -> new Answer(200, SNAPSHOT.replace("\"protocol\":1", "\"protocol\":7"));
        try (ReplicaClient client = client()) {
            assertThat(refused(client).code()).isEqualTo(ProblemCode.PROTOCOL_UNSUPPORTED);
            assertThat(refused(client).detail()).contains("7");
            assertThat(client.pending()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @Tag("P-27")
    @CsvSource({
        "409, asleep, later, RATE_LIMITED",
        "503, asleep, later, STORE_UNAVAILABLE",
        "403, undressed, never, FORBIDDEN",
        "401, worn, token, UNAUTHENTICATED",
        "401, worn, ask-nicely, UNAUTHENTICATED",
        "425, early, ask-nicely, RATE_LIMITED",
        "507, full, ask-nicely, INTERNAL",
        "418, teapot, ask-nicely, MALFORMED",
    })
    void aProblemThatIsNotKnownIsTakenForTheNearest(int status, String code, String retry, ProblemCode nearest) {
        answers = (path, body) -> problem(status, code, retry);
        try (ReplicaClient client = client()) {
            Problem problem = refused(client);
            assertThat(problem.code()).isEqualTo(nearest);
            assertThat(problem.detail()).contains(code, "why");
            assertThat(client.pending()).isEqualTo(1);
        }
    }

    @Test
    @Tag("P-27")
    void membersAndVerdictsThatAreNotKnownArePassedByAndRefusals() {
        answers = (path, body) -> {
            if (path.endsWith("/snapshot")) {
                return new Answer(200, SNAPSHOT);
            }
            Matcher nonce = NONCE.matcher(body);
            String push = nonce.find()
                    ? "\"push\":{\"number\":1,\"nonce\":\"" + nonce.group(1)
                            + "\",\"rejected\":[{\"collection\":\"items\",\"id\":\"a\",\"code\":\"not-tonight\",\"detail\":\"why\"}]},"
                    : "";
            return new Answer(
                    200,
                    "{\"protocol\":1,\"time\":1790000000000," + push
                            + "\"changes\":{\"documents\":[],\"cursor\":\"c\",\"more\":false,\"later\":1},\"later\":[{}]}");
        };
        try (ReplicaClient client = client()) {
            client.sync();
            assertThat(client.pending()).isZero();
            assertThat(client.rejected()).singleElement().satisfies(edit -> {
                assertThat(edit.code()).isEqualTo(RejectionCode.OTHER);
                assertThat(edit.detail()).contains("not-tonight", "why");
            });
        }
    }
}
