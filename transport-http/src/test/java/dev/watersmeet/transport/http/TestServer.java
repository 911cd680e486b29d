package dev.watersmeet.transport.http;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A real Jetty with few threads, the servlet, the engine and the store in memory. Who may do what is said by {@link TestAccess}. */
final class TestServer {
    static final String ANN = "token-of-ann";
    static final String BEN = "token-of-ben";
    static final Duration HEARTBEAT = Duration.ofMillis(200);
    static final int MAX_THREADS = 10;
    static final int MAX_FEEDS = 200;

    private static final Map<String, Principal> TOKENS = Map.of(ANN, new Principal("ann"), BEN, new Principal("ben"));

    final TestAccess access = new TestAccess();
    final MemoryStore store = MemoryStore.empty();
    final SyncEngine engine;
    final SyncServlet servlet;
    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    private final Server server = new Server(threads);
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final URI base;

    TestServer() throws Exception {
        this(limits());
    }

    TestServer(HttpLimits limits) throws Exception {
        this(limits, StaticTokens.of(TOKENS), InstantSource.system());
    }

    TestServer(HttpLimits limits, Authenticator authenticator, InstantSource clock) throws Exception {
        this(limits, authenticator, clock, engine -> engine, store -> store, true);
    }

    /**
     * A server with an authenticator, and a store that fails now and then.
     *
     * @param failing what the engine has of the store
     */
    TestServer(Authenticator authenticator, UnaryOperator<Store> failing) throws Exception {
        this(limits(), authenticator, InstantSource.system(), engine -> engine, failing, true);
    }

    /** A server of an engine with other settings. */
    TestServer(UnaryOperator<SyncEngine.Builder> settings) throws Exception {
        this(limits(), StaticTokens.of(TOKENS), InstantSource.system(), settings, store -> store, true);
    }

    /** A server in a container that supports no asynchronous requests. */
    static TestServer synchronous() throws Exception {
        return new TestServer(
                limits(), StaticTokens.of(TOKENS), InstantSource.system(), engine -> engine, store -> store, false);
    }

    private TestServer(
            HttpLimits limits,
            Authenticator authenticator,
            InstantSource clock,
            UnaryOperator<SyncEngine.Builder> settings,
            UnaryOperator<Store> seen,
            boolean asynchronous)
            throws Exception {
        SyncEngine.Builder builder = SyncEngine.on(seen.apply(store))
                .access(access)
                .collection("items", CollectionSchema.of(Map.of("tags", FieldType.SET, "votes", FieldType.COUNTER)));
        engine = settings.apply(builder).open();
        servlet = new SyncServlet(engine, authenticator, limits, clock);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(asynchronous);
        context.addServlet(holder, "/v1/*");
        server.setHandler(context);
        server.start();
        base = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    /** Few feeds, frequent heartbeats, and as many requests as a test likes. */
    static HttpLimits limits() {
        return HttpLimits.defaults()
                .with(Limit.HEARTBEAT, HEARTBEAT.toMillis())
                .with(Limit.FEEDS, MAX_FEEDS)
                .with(Limit.FEEDS_OF_PRINCIPAL, MAX_FEEDS)
                .with(Limit.REQUEST_BURST, 1_000_000);
    }

    /** How long connections that are opened from now on may stand still. */
    void idleTime(Duration most) {
        connector.setIdleTimeout(most.toMillis());
    }

    int port() {
        return base.getPort();
    }

    /** The threads of the server that work. */
    int busyThreads() {
        return threads.getUtilizedThreads();
    }

    URI uri(String path) {
        return base.resolve(path);
    }

    /** A request as Ann. */
    HttpRequest.Builder request(String path) {
        return request(path, ANN);
    }

    /** A request with a token. */
    HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token);
    }

    /** Sends a request. The answer has to be one that is described. */
    HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        HttpRequest built = request.build();
        HttpResponse<byte[]> response = http.send(built, HttpResponse.BodyHandlers.ofByteArray());
        Described.checkAnswer(
                built.method(), built.uri().getRawPath(), response.statusCode(), response.headers(), response.body());
        return response;
    }

    /** Posts JSON, which has to be as it is described if it is answered well. */
    HttpResponse<byte[]> post(String path, byte[] body) throws Exception {
        return post(path, body, ANN);
    }

    HttpResponse<byte[]> post(String path, byte[] body, String token) throws Exception {
        HttpResponse<byte[]> response = send(request(path, token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
        boolean refusedInPart = new String(response.body(), StandardCharsets.UTF_8).contains("\"rejected\":[{");
        if (response.statusCode() == 200 && !refusedInPart) {
            Described.checkRequest("POST", path, body);
        }
        return response;
    }

    void stop() throws Exception {
        server.stop();
        store.close();
    }
}
