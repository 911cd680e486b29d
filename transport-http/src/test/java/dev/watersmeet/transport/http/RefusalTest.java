package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.SyncRequest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a request is refused as a whole, as it arrives over real HTTP. */
class RefusalTest {
    private TestServer server;
    private TestReplica ann;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        ann = new TestReplica(server, "shop");
        ann.snapshot();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private static Problem problem(HttpResponse<byte[]> response, ProblemCode code) {
        assertThat(response.statusCode()).isEqualTo(code.status());
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        Problem problem = MergeFormat.readProblem(response.body());
        assertThat(problem.code()).isEqualTo(code);
        return problem;
    }

    private HttpResponse<byte[]> push(TestReplica replica, DocumentCells... documents) throws Exception {
        return send(replica, replica.request(true, List.of(documents)));
    }

    private HttpResponse<byte[]> send(TestReplica replica, SyncRequest request) throws Exception {
        return server.post(replica.path("sync"), MergeFormat.writeSyncRequest(request));
    }

    private HttpResponse<byte[]> post(String body) throws Exception {
        return server.post(ann.path("sync"), body.getBytes(StandardCharsets.UTF_8));
    }

    @Nested
    class ByWhoAsks {
        @ParameterizedTest
        @ValueSource(strings = {"Bearer wrong", "Bearer ", "Basic dG9rZW4=", "token-of-ann", "Bearer token of ann"})
        void aWrongTokenIsRefusedAndChangesNothing(String authorization) throws Exception {
            byte[] body = MergeFormat.writeSyncRequest(ann.request(true, List.of(ann.put("1", Map.of("a", 1)))));
            HttpResponse<byte[]> response = server.send(HttpRequest.newBuilder(server.uri(ann.path("sync")))
                    .header("Authorization", authorization)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
            problem(response, ProblemCode.UNAUTHENTICATED);
            assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Bearer");
            assertThat(ann.sync().changes().documents()).isEmpty();
        }

        @Test
        @Tag("P-1")
        void noTokenIsRefusedForEveryResource() throws Exception {
            for (String resource : List.of("snapshot?replica=" + ann.id, "changes?cursor=" + ann.cursor())) {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(server.uri(ann.path(resource))).header("Accept", "text/event-stream");
                problem(server.send(request), ProblemCode.UNAUTHENTICATED);
            }
        }

        @Test
        void aSpaceThatIsNobodysIsForbidden() throws Exception {
            TestReplica stranger = new TestReplica(server, "closed-1");
            problem(push(stranger, stranger.put("1", Map.of())), ProblemCode.FORBIDDEN);
            problem(
                    server.send(server.request(stranger.path("snapshot?replica=" + stranger.id))),
                    ProblemCode.FORBIDDEN);
            problem(
                    server.send(
                            server.request(stranger.path("changes?cursor=c")).header("Accept", "text/event-stream")),
                    ProblemCode.FORBIDDEN);
        }

        @Test
        void whoMayOnlyReadMayNotPush() throws Exception {
            TestReplica reader = new TestReplica(server, "shown-1");
            reader.snapshot();
            reader.sync();
            problem(push(reader, reader.put("1", Map.of())), ProblemCode.FORBIDDEN);
        }

        @Test
        void aReplicaBelongsToWhoPushedWithItFirst() throws Exception {
            ann.sync(ann.put("1", Map.of("a", 1)));
            HttpResponse<byte[]> response = server.send(HttpRequest.newBuilder(server.uri(ann.path("sync")))
                    .header("Authorization", "Bearer " + TestServer.BEN)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(
                            MergeFormat.writeSyncRequest(ann.request(true, List.of(ann.put("1", Map.of("a", 2))))))));
            problem(response, ProblemCode.REPLICA_BOUND);
        }
    }

    @Nested
    class ByTheStateOfTheExchange {
        @Test
        void aPushWithoutACursorIsToldToPullFirst() throws Exception {
            TestReplica hasty = new TestReplica(server, "shop");
            Problem problem = problem(push(hasty, hasty.put("1", Map.of())), ProblemCode.PULL_FIRST);
            assertThat(problem.tellsLast()).isTrue();
            assertThat(problem.last()).isNull();
        }

        @Test
        void anUnknownCursorIsAnsweredWithTheLastPush() throws Exception {
            ann.sync(ann.put("1", Map.of("a", 1)));
            SyncRequest request = new SyncRequest(ann.id, "of-another-age", true, null);
            Problem problem = problem(send(ann, request), ProblemCode.RESYNC);
            assertThat(problem.last().number()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"application/json", "text/event-stream"})
        void anUnknownCursorOfAReaderTellsNothingOfPushes(String accept) throws Exception {
            HttpResponse<byte[]> response = server.send(
                    server.request(ann.path("changes?cursor=of-another-age")).header("Accept", accept));
            assertThat(problem(response, ProblemCode.RESYNC).tellsLast()).isFalse();
        }

        @Test
        void aPushOutOfOrderIsAnsweredWithTheLastOne() throws Exception {
            ann.sync(ann.put("1", Map.of("a", 1)));
            SyncRequest next = ann.request(true, List.of(ann.put("1", Map.of("a", 2))));
            Push push = next.push();
            Push early = new Push(push.number() + 1, push.nonce(), push.after(), push.documents());
            Problem problem = problem(
                    send(ann, new SyncRequest(ann.id, next.cursor(), true, early)), ProblemCode.PUSH_OUT_OF_ORDER);
            assertThat(problem.last().nonce()).isEqualTo(push.after());
        }

        @Test
        void aTwinIsToldSo() throws Exception {
            SyncRequest twin = ann.request(true, List.of(ann.put("1", Map.of("a", 2))));
            ann.sync(ann.put("1", Map.of("a", 1)));
            problem(send(ann, twin), ProblemCode.REPLICA_CLONED);
        }
    }

    @Nested
    class ByTheRequestItself {
        @ParameterizedTest
        @CsvSource({
            "/v1, NOT_FOUND",
            "/v1/, NOT_FOUND",
            "/v1/spaces, NOT_FOUND",
            "/v1/spaces/shop, NOT_FOUND",
            "/v1/spaces/shop/, NOT_FOUND",
            "/v1/spaces/shop/synch, NOT_FOUND",
            "/v1/spaces/shop/sync/, NOT_FOUND",
            "/v1/spaces//changes, NOT_FOUND",
            "/v1/spaces/shop/sync, METHOD_NOT_ALLOWED",
            "/v1/spaces/.shop/changes?cursor=x, MALFORMED",
            "/v1/spaces/sh%20op/changes?cursor=x, MALFORMED",
            "/v1/spaces/shop/changes, MALFORMED",
            "/v1/spaces/shop/changes?cursor=, MALFORMED",
            "/v1/spaces/shop/changes?cursor=%20, MALFORMED",
            "/v1/spaces/shop/snapshot, MALFORMED",
            "/v1/spaces/shop/snapshot?replica=x, MALFORMED",
            "/v1/spaces/shop/snapshot?replica=0000000000001&position=x, MALFORMED",
        })
        void pathsAndParametersAreChecked(String path, ProblemCode code) throws Exception {
            HttpResponse<byte[]> response = server.send(server.request(path));
            if (path.equals("/v1/spaces//changes")) {
                assertThat(response.statusCode()).isBetween(400, 404); // containers refuse it before we do
            } else {
                problem(response, code);
            }
        }

        @ParameterizedTest
        @CsvSource({"PUT, sync, POST", "DELETE, changes, GET", "HEAD, snapshot, GET", "OPTIONS, sync, POST"})
        void otherMethodsAreToldWhichIsAllowed(String method, String resource, String allowed) throws Exception {
            HttpResponse<byte[]> response =
                    server.send(server.request(ann.path(resource)).method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains(allowed);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "text/plain |",
                    "application/json; charset=iso-8859-1 |",
                    "application/jsonx |",
                    "application/json | br",
                    "application/json | gzip, gzip",
                })
        void otherMediaTypesAndEncodingsAreRefused(String type, String encoding) throws Exception {
            HttpRequest.Builder request = server.request(ann.path("sync"))
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
            if (encoding != null) {
                request.header("Content-Encoding", encoding);
            }
            problem(server.send(request), ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        }

        @Test
        void aBodyWithoutATypeIsRefused() throws Exception {
            problem(
                    server.send(server.request(ann.path("sync")).POST(HttpRequest.BodyPublishers.ofString("{}"))),
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        }

        @Test
        @Tag("P-14")
        void whatIsMalformedIsRefusedWithItsPlace() throws Exception {
            assertThat(problem(post("{"), ProblemCode.MALFORMED).detail()).contains("JSON");
            assertThat(problem(post("[".repeat(100_000)), ProblemCode.MALFORMED).detail())
                    .contains("expected an object");
            assertThat(problem(post("{\"protocol\":1,\"x\":" + "[".repeat(100_000)), ProblemCode.MALFORMED)
                            .detail())
                    .contains("nests at most");
            assertThat(problem(post("{\"protocol\":1,\"replica\":\"x\"}"), ProblemCode.MALFORMED)
                            .detail())
                    .contains("/replica");
        }

        @Test
        @Tag("P-1")
        void anotherVersionIsToldWhichIsSpoken() throws Exception {
            HttpResponse<byte[]> response = post("{\"protocol\":2}");
            problem(response, ProblemCode.PROTOCOL_UNSUPPORTED);
            assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("\"supported\":[1]");
        }

        @Test
        @Tag("P-15")
        void aPushAboveItsLimitIsRefused() throws Exception {
            DocumentCells[] documents = new DocumentCells[FormatLimits.MAX_PUSH_DOCUMENTS + 1];
            for (int i = 0; i < documents.length; i++) {
                documents[i] = ann.put(Integer.toString(i), Map.of());
            }
            assertThat(problem(push(ann, documents), ProblemCode.TOO_LARGE).detail())
                    .contains("1000 documents");
        }

        @Test
        @Tag("P-15")
        void aBodyAboveTheLimitIsRefused() throws Exception {
            byte[] body = new byte[FormatLimits.MAX_BODY_BYTES + 1];
            problem(server.post(ann.path("sync"), body), ProblemCode.TOO_LARGE);
        }

        @Test
        void aCompressedBodyIsBoundedByWhatItHolds() throws Exception {
            byte[] bomb = ExchangeTest.gzip(new byte[200 << 20]);
            assertThat(bomb.length).isLessThan(1 << 20);
            problem(compressed(bomb), ProblemCode.TOO_LARGE);
        }

        @Test
        void aBodyThatIsNotCompressedAsItSaysIsMalformed() throws Exception {
            problem(compressed(new byte[] {1, 2, 3}), ProblemCode.MALFORMED);
        }

        private HttpResponse<byte[]> compressed(byte[] body) throws Exception {
            return server.send(server.request(ann.path("sync"))
                    .header("Content-Type", "application/json")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
        }
    }

    @Nested
    class ByWhatIsBehind {
        @Test
        void aStoreThatIsAwayIsSaidToBe() throws Exception {
            server.store.close();
            HttpResponse<byte[]> response = push(ann, ann.put("1", Map.of()));
            problem(response, ProblemCode.STORE_UNAVAILABLE);
            assertThat(response.headers().firstValue("Retry-After")).contains("5");
        }

        @Test
        void anyOtherErrorIsAnsweredWithoutItsDetails() throws Exception {
            HttpResponse<byte[]> response = server.send(server.request("/v1/spaces/broken/changes?cursor=x"));
            assertThat(problem(response, ProblemCode.INTERNAL).detail()).doesNotContain("secret");
        }
    }
}
