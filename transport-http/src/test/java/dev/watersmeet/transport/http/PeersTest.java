package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that tell each other what has changed, over real HTTP. */
@Timeout(30)
class PeersTest {
    private static final String SECRET = "a.secret.that.all.peers.have.0123";
    private static final SpaceId SHOP = SpaceId.of("shop");
    private static final SpaceId DEPOT = SpaceId.of("depot");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(0, resource);
        return resource;
    }

    private Peers peers(URI... others) {
        return opened(Peers.of(List.of(others), SECRET));
    }

    private URI serve(HttpServlet servlet) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(servlet), Peers.PATH);
        server.setHandler(context);
        server.start();
        opened((AutoCloseable) server::stop);
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    /** What a server has been woken for. */
    private static BlockingQueue<SpaceId> woken(Peers peers, SpaceId... spaces) {
        BlockingQueue<SpaceId> woken = new LinkedBlockingQueue<>();
        for (SpaceId space : spaces) {
            peers.watchers().add(space, () -> woken.add(space));
        }
        return woken;
    }

    /** A peer that keeps what it is told, and answers only when it may. */
    private static final class Slow extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient BlockingQueue<List<Value>> told = new LinkedBlockingQueue<>();
        private final transient CountDownLatch mayAnswer = new CountDownLatch(1);

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            told.add(Value.parse(body).fields().get("spaces").elements());
            try {
                mayAnswer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            response.setStatus(WakeUpServlet.HEARD);
        }
    }

    @Test
    void aChangeThroughOneServerWakesTheListenersAtTheOther() throws Exception {
        Peers other = peers();
        BlockingQueue<SpaceId> woken = woken(other, SHOP, DEPOT);
        Store store = opened(new PeerStore(MemoryStore.empty(), peers(serve(other.servlet()))));

        store.join(SHOP, Batch.of(List.of()));
        assertThat(woken.take()).isEqualTo(SHOP);
        store.maintenance().purge(DEPOT, Instant.now());
        assertThat(woken.take()).isEqualTo(DEPOT);
        store.maintenance().renewEpoch(SHOP);
        assertThat(woken.take()).isEqualTo(SHOP);
        store.maintenance().deleteSpace(DEPOT);
        assertThat(woken.take()).isEqualTo(DEPOT);
    }

    @Test
    void listenersHearOfTheStoreAndOfPeersUntilTheyAreClosed() {
        Peers peers = peers();
        Store store = opened(new PeerStore(MemoryStore.empty(), peers));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        var subscription = store.watch(SHOP, () -> heard.add("heard"));

        store.join(SHOP, Batch.of(List.of()));
        assertThat(heard).hasSize(1);
        peers.watchers().wake(SHOP);
        assertThat(heard).hasSize(2);
        subscription.close();
        peers.watchers().wake(SHOP);
        store.join(SHOP, Batch.of(List.of()));
        assertThat(heard).hasSize(2);
    }

    @Test
    void whatChangesWhileAPeerIsBusyIsToldTogetherAndWithinABound() throws Exception {
        Slow slow = new Slow();
        Peers peers = peers(serve(slow));
        peers.changed(SHOP);
        assertThat(slow.told.take()).containsExactly(Value.of("shop"));

        IntStream.range(0, 10_000).forEach(i -> peers.changed(i % 2 == 0 ? SHOP : DEPOT));
        IntStream.range(0, 10_000).forEach(i -> peers.changed(SpaceId.of("space-" + i)));
        slow.mayAnswer.countDown();

        assertThat(slow.told.take())
                .startsWith(Value.of("shop"), Value.of("depot"), Value.of("space-0"))
                .hasSize(Peer.MOST_SPACES)
                .doesNotHaveDuplicates();
    }

    @Test
    void oneThatIsAwayOneThatIsMuteAndOneThatRefusesDoNotHoldUpTheOthers() throws Exception {
        ServerSocket mute = opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        gone.close();
        Peers stranger = opened(Peers.of(List.of(), "another.secret.that.nobody.else.has"));
        Peers good = peers();
        BlockingQueue<SpaceId> refused = woken(stranger, SHOP);
        BlockingQueue<SpaceId> woken = woken(good, SHOP);
        Peers peers = peers(
                URI.create("http://127.0.0.1:" + mute.getLocalPort()),
                URI.create("http://127.0.0.1:" + gone.getLocalPort()),
                serve(stranger.servlet()),
                serve(good.servlet()));

        for (int i = 0; i < 20; i++) {
            peers.changed(SHOP);
            assertThat(woken.take()).isEqualTo(SHOP);
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void aPeerThatHasFailedIsToldAgain() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Peers peers = peers(serve(new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
                told.add(new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                response.setStatus(503);
            }
        }));
        peers.changed(SHOP);
        assertThat(told.take()).contains("shop");
        peers.changed(DEPOT);
        assertThat(told.take()).contains("depot").doesNotContain("shop");
    }

    private HttpResponse<byte[]> post(URI server, String token, String type, byte[] body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.resolve(Peers.PATH))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertProblem(ProblemCode code, HttpResponse<byte[]> response) {
        Described.checkAnswer("POST", Peers.PATH, response.statusCode(), response.headers(), response.body());
        assertThat(MergeFormat.readProblem(response.body()).code()).isEqualTo(code);
        assertThat(response.statusCode()).isEqualTo(code.status());
    }

    @Test
    void whoHasTheSecretMayWakeAndNobodyElse() throws Exception {
        Peers peers = peers();
        BlockingQueue<SpaceId> woken = woken(peers, SHOP);
        URI server = serve(peers.servlet());
        byte[] message = bytes("{\"spaces\":[\"shop\",\"unknown\"]}");

        for (String wrong : List.of("wrong", SECRET + "x", SECRET.substring(1))) {
            HttpResponse<byte[]> refused = post(server, wrong, "application/json", message);
            assertProblem(ProblemCode.UNAUTHENTICATED, refused);
            assertThat(new String(refused.body(), StandardCharsets.UTF_8)).doesNotContain(SECRET);
        }
        assertThat(woken).isEmpty();
        HttpResponse<byte[]> heard = post(server, SECRET, "application/json", message);
        Described.checkAnswer("POST", Peers.PATH, heard.statusCode(), heard.headers(), heard.body());
        assertThat(heard.statusCode()).isEqualTo(204);
        assertThat(woken).containsExactly(SHOP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"spaces\":\"shop\"}",
                "{\"spaces\":[7]}",
                "{\"spaces\":[\"shop\",\"../etc\"]}",
                "{\"space\":[\"shop\"]}"
            })
    void whatIsNoMessageWakesNobody(String message) throws Exception {
        Peers peers = peers();
        BlockingQueue<SpaceId> woken = woken(peers, SHOP);
        assertProblem(ProblemCode.MALFORMED, post(serve(peers.servlet()), SECRET, "application/json", bytes(message)));
        assertThat(woken).isEmpty();
    }

    @Test
    void messagesAreBounded() throws Exception {
        Peers peers = peers();
        URI server = serve(peers.servlet());
        String many = "{\"spaces\":[\"s\"" + ",\"s\"".repeat(Peer.MOST_SPACES) + "]}";
        assertProblem(ProblemCode.TOO_LARGE, post(server, SECRET, "application/json", bytes(many)));
        assertProblem(ProblemCode.TOO_LARGE, post(server, SECRET, "application/json", new byte[1 << 20]));
        assertProblem(ProblemCode.UNSUPPORTED_MEDIA_TYPE, post(server, SECRET, "text/plain", bytes("{}")));
        HttpRequest get =
                HttpRequest.newBuilder(server.resolve(Peers.PATH)).GET().build();
        assertThat(http.send(get, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.2:8080",
                "ftp://10.0.0.2",
                "http:///path",
                "http://ada:secret@10.0.0.2",
                "http://10.0.0.2?a",
                "http://10.0.0.2#a"
            })
    void addressesThatCannotBeToldAreRefused(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Peers.of(List.of(URI.create(address)), SECRET))
                .withMessageContaining(address);
    }

    @Test
    void secretsThatCanBeGuessedAreRefusedWithoutShowingThem() {
        for (String weak : List.of("short", "", "with spaces in it, and long enough otherwise")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Peers.of(List.of(), weak))
                    .withMessageContaining("32")
                    .withMessageNotContaining(weak.isEmpty() ? "nothing" : weak);
        }
    }

    @Test
    void aStoreOfOneServerHasNoPeers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> peers().on(MemoryStore.empty()))
                .withMessageContaining("share");
    }
}
