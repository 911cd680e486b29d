package dev.watersmeet.transport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that ask for much and take little of it hold no thread, and not for ever what else they hold. */
@Timeout(25)
class SlowReadersTest {
    private static final int READERS = 2 * TestServer.MAX_THREADS;
    private static final int DOCUMENTS = 3; // of about a megabyte each, in one page
    private static final int SMALL_BUFFER = 4_096;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

    private TestServer server;
    private TestReplica reader;
    private final List<Socket> sockets = new ArrayList<>();

    private void start(HttpLimits limits) throws Exception {
        server = new TestServer(limits);
        reader = new TestReplica(server, "shop");
        reader.snapshot();
        TestReplica writer = new TestReplica(server, "shop");
        String text = "x".repeat((1 << 20) - 100);
        for (int i = 0; i < DOCUMENTS; i++) {
            server.store.join(SpaceId.of("shop"), Batch.of(List.of(writer.put("item" + i, Map.of("text", text)))));
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    /** Asks for all documents on a connection that takes a few kilobytes. */
    private Socket ask() throws IOException {
        return ask("snapshot?replica=" + reader.id, "");
    }

    private Socket ask(String resource, String headers) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        String request = "GET " + reader.path(resource) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
                + "Authorization: Bearer " + TestServer.ANN + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    /** Whether an answer has come whole, which says how long it is. */
    private static boolean isWhole(String answer) {
        Matcher length = LENGTH.matcher(answer);
        assertThat(length.find())
                .as(answer.substring(0, Math.min(200, answer.length())))
                .isTrue();
        return answer.length() - answer.indexOf("\r\n\r\n") - 4 == Integer.parseInt(length.group(1));
    }

    private static String rest(Socket socket) {
        StringBuilder answer = new StringBuilder();
        byte[] buffer = new byte[1 << 16];
        try {
            for (int read = 0; read >= 0; read = socket.getInputStream().read(buffer)) {
                answer.append(new String(buffer, 0, read, ISO_8859_1));
            }
        } catch (IOException e) {
            // the connection is cut: what has come has come
        }
        return answer.toString();
    }

    private int status() throws Exception {
        return server.send(server.request(reader.path("schema"))).statusCode();
    }

    @Test
    void moreOfThemThanThreadsLeaveTheOthersServed() throws Exception {
        start(TestServer.limits());
        for (int i = 0; i < READERS; i++) {
            assertThat(ask().getInputStream().read()).isEqualTo('H');
        }
        assertThat(status()).isEqualTo(200);
        assertThat(isWhole('H' + rest(sockets.get(READERS - 1)))).isTrue();
    }

    @Test
    void eachTakesAPlaceOfItsPrincipalUntilItHasItsAnswer() throws Exception {
        start(TestServer.limits().with(Limit.REQUESTS_OF_PRINCIPAL, 2));
        Socket first = ask();
        assertThat(first.getInputStream().read()).isEqualTo('H');
        assertThat(ask().getInputStream().read()).isEqualTo('H');
        assertThat(status()).isEqualTo(429);
        assertThat(isWhole('H' + rest(first))).isTrue();
        awaitServed();
    }

    @Test
    void whoHasNotTakenItInTimeIsCutAndGivesBackWhatItHeld() throws Exception {
        start(TestServer.limits().with(Limit.REQUESTS_OF_PRINCIPAL, 1).with(Limit.ANSWER_TIME, 500));
        Socket slow = ask();
        assertThat(slow.getInputStream().read()).isEqualTo('H');
        assertThat(status()).isEqualTo(429);
        awaitServed();
        assertThat(isWhole('H' + rest(slow))).isFalse();
    }

    @Test
    void whoGoesAwayGivesBackWhatItHeld() throws Exception {
        start(TestServer.limits().with(Limit.REQUESTS_OF_PRINCIPAL, 1));
        Socket gone = ask();
        assertThat(gone.getInputStream().read()).isEqualTo('H');
        assertThat(status()).isEqualTo(429);
        gone.close();
        awaitServed();
    }

    @Test
    void whatIsOnItsWayTakesTheMemoryForBodiesOfWhoAskedForIt() throws Exception {
        start(TestServer.limits().with(Limit.BODIES_BYTES, (DOCUMENTS << 20) + (1 << 18)));
        byte[] push = push(TestServer.ANN);
        byte[] another = push(TestServer.BEN);
        Socket slow = ask();
        assertThat(slow.getInputStream().read()).isEqualTo('H');
        assertThat(server.post(reader.path("sync"), push).statusCode()).isEqualTo(429);
        assertThat(server.post(reader.path("sync"), another, TestServer.BEN).statusCode())
                .isEqualTo(200);
        slow.close();
        while (server.post(reader.path("sync"), push).statusCode() != 200) {
            Thread.sleep(20); // until the test's own timeout
        }
    }

    private byte[] push(String token) throws Exception {
        TestReplica writer = new TestReplica(server, "shop", token);
        writer.snapshot();
        return MergeFormat.writeSyncRequest(
                writer.request(true, List.of(writer.put("large", Map.of("text", "x".repeat(1 << 19))))));
    }

    @Test
    void anAnswerForWhichThereIsNoMemoryComesAllTheSameAndHoldsNoThread() throws Exception {
        start(TestServer.limits().with(Limit.BODIES_BYTES, 1 << 20));
        Socket slow = ask();
        assertThat(slow.getInputStream().read()).isEqualTo('H');
        assertThat(status()).isEqualTo(429); // it is owed
        assertThat(isWhole('H' + rest(slow))).isTrue();
        awaitServed();
    }

    @Test
    void whoTricklesALiveFeedIsCutWhenItsTimeIsOver() throws Exception {
        start(TestServer.limits().with(Limit.FEED_LIFETIME, 500));
        Socket slow = ask("changes?cursor=" + reader.cursor(), "Accept: text/event-stream\r\n");
        assertThat(slow.getInputStream().read()).isEqualTo('H');
        while (server.servlet.openFeeds() > 0) {
            slow.getInputStream().read(new byte[16]);
            Thread.sleep(20); // until the test's own timeout
        }
    }

    private void awaitServed() throws Exception {
        while (status() != 200) {
            Thread.sleep(20); // until the test's own timeout
        }
    }
}
