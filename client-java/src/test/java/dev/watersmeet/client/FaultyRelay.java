package dev.watersmeet.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Relays requests to a server, unless it is told to do something else. */
final class FaultyRelay implements AutoCloseable {
    private static final List<String> HEADERS =
            List.of("Authorization", "Accept", "Accept-Encoding", "Content-Type", "Content-Encoding");

    /** The request reaches the server, but the connection breaks before the answer. */
    static final Fault ANSWER_LOST = relayed -> {
        relayed.ask();
        relayed.breakOff();
    };

    /** The connection breaks before the request reaches the server. */
    static final Fault REQUEST_LOST = Relayed::breakOff;

    /** Nothing is wrong with this one. */
    static final Fault NONE = relayed -> relayed.pass(relayed.ask());

    /** The request is answered as by a server that knows JSON only. */
    static final Fault OLDER_SERVER = relayed -> {
        if (MessageForm.BATCH.mediaType().equals(relayed.type())) {
            Problem problem = Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "only JSON");
            relayed.answer(problem.code().status(), MergeFormat.writeProblem(problem));
        } else {
            relayed.pass(relayed.askInJson());
        }
    };

    private final HttpServer http;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> types = new CopyOnWriteArrayList<>();
    private volatile int target;

    private FaultyRelay(HttpServer http) {
        this.http = http;
        http.createContext("/", this::handle);
        http.setExecutor(threads);
        http.start();
    }

    static FaultyRelay start() {
        try {
            return new FaultyRelay(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What happens to a request. */
    @FunctionalInterface
    interface Fault {
        /** Happens. */
        void happen(Relayed relayed) throws IOException;

        /** The request does not reach the server, but is refused. */
        static Fault refusal(Problem problem) {
            return relayed -> relayed.answer(problem.code().status(), MergeFormat.writeProblem(problem));
        }

        /** The request does not reach the server, but something else answers. */
        static Fault text(int status, String text) {
            return relayed -> relayed.answer(status, text.getBytes(UTF_8));
        }
    }

    void to(int port) {
        target = port;
    }

    void next(Fault... next) {
        faults.addAll(List.of(next));
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    /** The media types of the requests that had a body. */
    List<String> types() {
        return List.copyOf(types);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1");
    }

    private void handle(HttpExchange exchange) throws IOException {
        boolean compressed = exchange.getRequestHeaders().containsKey("Content-Encoding");
        requests.add(exchange.getRequestURI().getPath() + (compressed ? " gzip" : ""));
        Relayed relayed = new Relayed(exchange);
        if (relayed.type() != null) {
            types.add(relayed.type());
        }
        Fault fault = faults.poll();
        (fault == null ? NONE : fault).happen(relayed);
    }

    /** A request on its way. */
    final class Relayed {
        private final HttpExchange exchange;

        private Relayed(HttpExchange exchange) {
            this.exchange = exchange;
        }

        /** The media type of the request's body, if it has one. */
        @Nullable
        String type() {
            return exchange.getRequestHeaders().getFirst("Content-Type");
        }

        /** Asks the server. */
        HttpResponse<byte[]> ask() throws IOException {
            return ask(HEADERS);
        }

        /** Asks the server for an answer in JSON that is not compressed. */
        HttpResponse<byte[]> askInJson() throws IOException {
            List<String> headers = new ArrayList<>(HEADERS);
            headers.removeAll(List.of("Accept", "Accept-Encoding"));
            return ask(headers);
        }

        private HttpResponse<byte[]> ask(List<String> headers) throws IOException {
            URI uri = URI.create("http://127.0.0.1:" + target + exchange.getRequestURI());
            byte[] body = exchange.getRequestBody().readAllBytes();
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
            for (String header : headers) {
                String value = exchange.getRequestHeaders().getFirst(header);
                if (value != null) {
                    request.header(header, value);
                }
            }
            try {
                return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        void pass(HttpResponse<byte[]> response) throws IOException {
            for (String header : List.of("Content-Encoding", "Content-Type")) {
                response.headers().firstValue(header).ifPresent(value -> exchange.getResponseHeaders()
                        .set(header, value));
            }
            answer(response.statusCode(), response.body());
        }

        void answer(int status, byte[] body) throws IOException {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        /** Sends the beginning of an answer that does not go on. */
        void stall() throws IOException {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        }

        void breakOff() {
            exchange.close();
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
