package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.sync.Principal;
import io.github.bucket4j.TimeMeter;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much a principal may ask for (P-18), by itself and over real HTTP. */
@Timeout(30)
class RateLimitTest {
    private static final Principal ANN = new Principal("ann");
    private static final Principal BEN = new Principal("ben");

    @Nested
    class OverHttp {
        private TestServer server;

        @AfterEach
        void stop() throws Exception {
            server.stop();
        }

        private HttpResponse<byte[]> snapshot(String token) throws Exception {
            return server.send(HttpRequest.newBuilder(server.uri("/v1/spaces/shop/snapshot?replica=0000000000001"))
                    .header("Authorization", "Bearer " + token));
        }

        private static Problem limited(HttpResponse<byte[]> response) {
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(
                            response.headers().firstValue("Retry-After").orElseThrow()))
                    .isPositive();
            Problem problem = MergeFormat.readProblem(response.body());
            assertThat(problem.code()).isEqualTo(ProblemCode.RATE_LIMITED);
            return problem;
        }

        @Test
        @Tag("P-18")
        void whoAsksTooOftenIsToldWhenToComeAgainAndTheOthersAreServed() throws Exception {
            server = new TestServer(
                    TestServer.limits().with(Limit.REQUEST_BURST, 3).with(Limit.REQUESTS_PER_SECOND, 1));
            List<HttpResponse<byte[]>> answers = new ArrayList<>();
            do {
                answers.add(snapshot(TestServer.ANN));
            } while (answers.get(answers.size() - 1).statusCode() == 200);
            assertThat(answers).hasSizeGreaterThan(3);
            assertThat(limited(answers.get(answers.size() - 1)).detail()).isEqualTo("ann may send 1 requests/s");
            assertThat(snapshot(TestServer.BEN).statusCode()).isEqualTo(200);
        }

        @Test
        void whoIsRefusedForItsTokenTakesNothingFromItsOwner() throws Exception {
            server = new TestServer(
                    TestServer.limits().with(Limit.REQUEST_BURST, 2).with(Limit.REQUESTS_PER_SECOND, 1));
            for (int i = 0; i < 20; i++) {
                assertThat(snapshot("wrong").statusCode()).isEqualTo(401);
            }
            assertThat(snapshot(TestServer.ANN).statusCode()).isEqualTo(200);
        }

        @Test
        @Tag("P-18")
        void whoSendsTooMuchIsRefusedFromTheNextRequestOn() throws Exception {
            server = new TestServer(
                    TestServer.limits().with(Limit.BYTE_BURST, 10_000).with(Limit.BYTES_PER_SECOND, 100));
            TestReplica ann = new TestReplica(server, "shop");
            ann.snapshot();
            ann.sync(ann.put("1", Map.of("text", "x".repeat(50_000))));
            HttpResponse<byte[]> refused =
                    server.post(ann.path("sync"), MergeFormat.writeSyncRequest(ann.request(true, List.of())));
            assertThat(limited(refused).detail()).isEqualTo("ann may exchange 100 bytes/s");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(800L, 1_000L); // the answer brought it back
        }

        @Test
        void whatASmallBodyInflatesToCounts() throws Exception {
            server = new TestServer(
                    TestServer.limits().with(Limit.BYTE_BURST, 10_000).with(Limit.BYTES_PER_SECOND, 100));
            byte[] bomb = ExchangeTest.gzip(new byte[100_000]);
            assertThat(bomb.length).isLessThan(1_000);
            HttpRequest.Builder request = server.request("/v1/spaces/shop/sync")
                    .header("Content-Type", "application/json")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(bomb));
            assertThat(server.send(request).statusCode()).isEqualTo(400);
            limited(server.send(request));
        }

        @Test
        @Tag("P-18")
        void whatIsReadOfABodyThatIsRefusedCountsToo() throws Exception {
            server = new TestServer(TestServer.limits()
                    .with(Limit.BYTE_BURST, 10_000)
                    .with(Limit.BYTES_PER_SECOND, 100)
                    .with(Limit.BODY_BYTES, 100_000)
                    .with(Limit.INFLATED_BODY_BYTES, 100_000));
            byte[] bomb = ExchangeTest.gzip(new byte[1_000_000]);
            HttpRequest.Builder inflated = server.request("/v1/spaces/shop/sync")
                    .header("Content-Type", "application/json")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(bomb));
            assertThat(server.send(inflated).statusCode()).isEqualTo(413);
            limited(server.send(inflated));
            HttpRequest.Builder plain =
                    server.request("/v1/spaces/shop/sync", TestServer.BEN).header("Content-Type", "application/json");
            assertThat(server.send(plain.POST(HttpRequest.BodyPublishers.ofByteArray(new byte[200_000])))
                            .statusCode())
                    .isEqualTo(413);
            // Of who is limited no body is read: a large one may break off before the answer is there.
            limited(server.send(plain.POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1]))));
        }

        @Test
        @Tag("P-18")
        void whatIsAnsweredCountsToo() throws Exception {
            server = new TestServer(
                    TestServer.limits().with(Limit.BYTE_BURST, 50_000).with(Limit.BYTES_PER_SECOND, 100));
            TestReplica ann = new TestReplica(server, "shop");
            ann.snapshot();
            ann.sync(ann.put("1", Map.of("text", "x".repeat(15_000))));
            HttpRequest.Builder snapshot = server.request(ann.path("snapshot?replica=" + ann.id));
            assertThat(server.send(snapshot).statusCode()).isEqualTo(200);
            assertThat(server.send(snapshot).statusCode()).isEqualTo(200);
            limited(server.send(snapshot));
        }

        @Test
        void bodiesForWhichThereIsNoMemoryAreRefusedAndGiveItBack() throws Exception {
            server = new TestServer(TestServer.limits().with(Limit.BODIES_BYTES, 100_000));
            TestReplica ann = new TestReplica(server, "shop");
            ann.snapshot();
            byte[] large = new byte[150_000];
            for (int i = 0; i < 3; i++) {
                assertThat(limited(server.post(ann.path("sync"), large)).detail())
                        .matches(
                                "the server keeps at most 100000 bytes of bodies and answers at a time, and ann has \\d+ of them");
            }
            for (int i = 0; i < 3; i++) {
                ann.sync(ann.put("1", Map.of("text", "x".repeat(60_000))));
            }
        }

        @Test
        void aBodyThatNeverEndsIsCutWhileTheOthersAreServed() throws Exception {
            server = new TestServer(TestServer.limits().with(Limit.BODY_TIME, 1_000));
            try (Socket slow = begun("Transfer-Encoding: chunked", "")) {
                slow.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
                OutputStream out = slow.getOutputStream();
                while (slow.getInputStream().available() == 0) {
                    out.write("1\r\n \r\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    assertThat(snapshot(TestServer.BEN).statusCode()).isEqualTo(200);
                    Thread.sleep(50);
                }
                String answer = new String(slow.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer).startsWith("HTTP/1.1 429").contains("a body has to come within 1000 ms");
            }
        }

        /** A connection on which ann sends the beginning of a body. */
        private Socket begun(String header, String content) throws Exception {
            Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port());
            slow.getOutputStream()
                    .write(("POST /v1/spaces/shop/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + header + "\r\nAuthorization: Bearer " + TestServer.ANN + "\r\n\r\n" + content)
                            .getBytes(StandardCharsets.US_ASCII));
            return slow;
        }

        /** Connections on each of which ann sends the beginning of a body, and nothing more. */
        private List<Socket> hold(int connections, int bytes) throws Exception {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                held.add(begun("Content-Length: 1000000", " ".repeat(bytes)));
            }
            return held;
        }

        private static void close(List<Socket> sockets) throws Exception {
            for (Socket socket : sockets) {
                socket.close();
            }
        }

        @Test
        void bodiesThatComeSlowlyHoldNoThread() throws Exception {
            server = new TestServer(TestServer.limits().with(Limit.REQUESTS_OF_PRINCIPAL, 1_000));
            List<Socket> slow = hold(3 * TestServer.MAX_THREADS, 1);
            for (int i = 0; i < 50; i++) {
                assertThat(snapshot(TestServer.BEN).statusCode()).isEqualTo(200);
            }
            for (Socket socket : slow) {
                assertThat(socket.getInputStream().available()).isZero();
            }
            close(slow);
        }

        @Test
        void whoHoldsAllTheMemoryForBodiesLeavesTheOthersTheirShare() throws Exception {
            server = new TestServer(TestServer.limits().with(Limit.BODIES_BYTES, 200_000));
            TestReplica ben = new TestReplica(server, "shop", TestServer.BEN);
            ben.snapshot();
            List<Socket> slow = hold(2, 100_000);
            while (snapshot(TestServer.ANN).statusCode() == 200) {
                Thread.sleep(20); // until the test's own timeout
            }
            ben.sync(ben.put("1", Map.of("text", "x".repeat(60_000))));
            assertThat(limited(snapshot(TestServer.ANN)).detail()).contains("and ann has ");
            close(slow);
            while (snapshot(TestServer.ANN).statusCode() != 200) {
                Thread.sleep(20); // until the test's own timeout
            }
        }

        /** A request of ann's that is being answered, and the only one that may be. It can itself be the one that is refused: then another is sent. */
        private Socket held() throws Exception {
            while (true) {
                Socket slow = begun("Content-Length: 2", "{");
                while (slow.getInputStream().available() == 0) {
                    HttpResponse<byte[]> other = snapshot(TestServer.ANN);
                    if (other.statusCode() != 200) {
                        assertThat(limited(other).detail()).isEqualTo("ann has at most 1 requests at a time");
                        return slow;
                    }
                }
                slow.close();
            }
        }

        @Test
        void onePrincipalHoldsOnlySoManyRequestsAtATime() throws Exception {
            server = new TestServer(TestServer.limits().with(Limit.REQUESTS_OF_PRINCIPAL, 1));
            try (Socket slow = held()) {
                assertThat(snapshot(TestServer.BEN).statusCode()).isEqualTo(200);
                slow.getOutputStream().write('}');
                assertThat(slow.getInputStream().read()).isEqualTo('H');
            }
            while (snapshot(TestServer.ANN).statusCode() != 200) {
                Thread.sleep(10);
            }
        }
    }

    @Nested
    class Counting {
        private final AtomicLong nanos = new AtomicLong();
        private final TimeMeter clock = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanos.get();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
        private final Rates rates = new Rates(
                HttpLimits.defaults()
                        .with(Limit.REQUEST_BURST, 2)
                        .with(Limit.REQUESTS_PER_SECOND, 1)
                        .with(Limit.BYTE_BURST, 100)
                        .with(Limit.BYTES_PER_SECOND, 10),
                clock);

        private void pass(Duration time) {
            nanos.addAndGet(time.toNanos());
        }

        @Test
        void requestsComeBackWithTime() {
            rates.request(ANN);
            rates.request(ANN);
            assertThatThrownBy(() -> rates.request(ANN))
                    .isInstanceOfSatisfying(
                            RateLimitedException.class,
                            limited -> assertThat(limited.retryAfterSeconds()).isEqualTo(1));
            pass(Duration.ofSeconds(1));
            rates.request(ANN);
            assertThatThrownBy(() -> rates.request(ANN)).isInstanceOf(RateLimitedException.class);
        }

        @Test
        void bytesAreADebtThatIsWaitedFor() {
            rates.bytes(ANN, 150);
            assertThatThrownBy(() -> rates.request(ANN))
                    .isInstanceOfSatisfying(
                            RateLimitedException.class,
                            limited -> assertThat(limited.retryAfterSeconds()).isEqualTo(6));
            pass(Duration.ofSeconds(6));
            rates.request(ANN);
        }

        @Test
        void grantsDoNotMakeAnotherPrincipal() {
            rates.request(ANN);
            rates.request(ANN);
            Principal narrowed = new Principal(ANN.name(), dev.watersmeet.sync.Grants.of(Map.of()));
            assertThatThrownBy(() -> rates.request(narrowed)).isInstanceOf(RateLimitedException.class);
        }

        @Test
        void whoHasRestedIsForgottenAndNobodyElse() {
            rates.request(ANN);
            rates.bytes(BEN, 100);
            rates.forgetRested();
            assertThat(rates.remembered()).isEqualTo(2);
            pass(Duration.ofSeconds(2));
            rates.forgetRested();
            assertThat(rates.remembered()).isEqualTo(1);
            pass(Duration.ofSeconds(10));
            rates.forgetRested();
            assertThat(rates.remembered()).isZero();
        }
    }
}
