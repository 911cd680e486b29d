package dev.watersmeet.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.sync.Documents;
import dev.watersmeet.sync.Permission;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The real engine over the reference store behind a minimal HTTP transport that can be told to fail. The bearer token is the principal's name; {@code expired} does not stand. */
final class TestServer implements AutoCloseable {
    static final String SPACE = "shop-7";
    static final CollectionSchema ITEMS =
            CollectionSchema.of(Map.of("tags", FieldType.SET, "quantity", FieldType.COUNTER));

    /** What happens to a request instead of an answer. */
    interface Fault {
        /** Happens; {@code process} does what the server would have done, and returns its answer. */
        void happen(HttpExchange http, Answerer process) throws IOException;

        /** The request is processed, but the connection breaks before the answer. */
        Fault ANSWER_LOST = (http, process) -> {
            process.answer();
            http.close();
        };
        /** The connection breaks before the request is processed. */
        Fault REQUEST_LOST = (http, process) -> http.close();

        static Fault refusal(Problem problem) {
            return (http, process) -> send(http, problem.code().status(), MergeFormat.writeProblem(problem));
        }
    }

    interface Answerer {
        byte[] answer() throws IOException;
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Fault> faults = new ArrayDeque<>();
    private final TimeSource time;
    final List<String> requests = new ArrayList<>();
    private SyncEngine engine;

    private TestServer(HttpServer http, TimeSource time) {
        this.http = http;
        this.time = time;
        this.engine = engine(MemoryStore.empty());
        http.createContext("/v1/spaces/" + SPACE + "/", this::handle);
        http.setExecutor(threads);
    }

    static TestServer start() {
        return start(TimeSource.system());
    }

    static TestServer start(TimeSource time) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestServer server = new TestServer(http, time);
            http.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private SyncEngine engine(MemoryStore store) {
        return SyncEngine.on(store)
                .access((principal, space) -> principal.name().equals("reader") ? Permission.READ : Permission.WRITE)
                .collection("items", ITEMS)
                .onlyDeclaredCollections()
                .time(time)
                .open();
    }

    /** From now on the server has nothing of what it had. */
    void loseEverything() {
        engine = engine(MemoryStore.empty());
    }

    void next(Fault... next) {
        faults.addAll(List.of(next));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1");
    }

    ReplicaClient.Builder client() {
        return ReplicaClient.of(url(), SPACE, () -> "somebody").collection("items", ITEMS);
    }

    /** What the server itself shows and edits. */
    Documents items() {
        return engine.space(SPACE).collection("items");
    }

    private void handle(HttpExchange exchange) throws IOException {
        Fault fault;
        synchronized (this) {
            requests.add(exchange.getRequestURI().getPath()
                    + requireNonNullElse(exchange.getRequestHeaders().getFirst("Content-Encoding"), ""));
            fault = faults.poll();
        }
        try {
            if (fault == null) {
                send(exchange, 200, answer(exchange));
            } else {
                fault.happen(exchange, () -> answer(exchange));
            }
        } catch (ProblemException e) {
            send(exchange, e.problem().code().status(), MergeFormat.writeProblem(e.problem()));
        }
    }

    private byte[] answer(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        if (token.equals("expired")) {
            throw ProblemException.of(ProblemCode.UNAUTHENTICATED, "the token has expired");
        }
        Principal principal = new Principal(token);
        SpaceId space = SpaceId.of(SPACE);
        if (exchange.getRequestURI().getPath().endsWith("/sync")) {
            return MergeFormat.writeSyncAnswer(
                    engine.sync(principal, space, MergeFormat.readSyncRequest(body(exchange))));
        }
        Map<String, String> query = query(exchange.getRequestURI());
        ReplicaId replica = ReplicaId.parse(query.get("replica"));
        return MergeFormat.writeSnapshotPage(engine.snapshot(principal, space, replica, query.get("position")));
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        boolean compressed = exchange.getRequestHeaders().containsKey("Content-Encoding");
        try (InputStream in = exchange.getRequestBody()) {
            return compressed ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String pair : uri.getQuery().split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts[1]);
        }
        return query;
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(body);
        }
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(status, compressed.size());
        exchange.getResponseBody().write(compressed.toByteArray());
        exchange.close();
    }

    static void sendText(HttpExchange exchange, int status, String text) throws IOException {
        exchange.sendResponseHeaders(status, text.getBytes(UTF_8).length);
        exchange.getResponseBody().write(text.getBytes(UTF_8));
        exchange.close();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
