package dev.watersmeet.client;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.Documents;
import dev.watersmeet.sync.Permission;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import dev.watersmeet.transport.http.Authentication;
import dev.watersmeet.transport.http.Authenticator;
import dev.watersmeet.transport.http.SyncServlet;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A real server over the reference store, behind a relay that can be told to fail. The bearer token is the principal's name; {@code expired} does not stand. */
final class TestServer implements AutoCloseable {
    static final String SPACE = "shop-7";
    static final CollectionSchema ITEMS =
            CollectionSchema.of(Map.of("tags", FieldType.SET, "quantity", FieldType.COUNTER));

    static final Schema NOTES = Schema.parse(
            """
            {"collections": {
              "notes": {"fields": {"tags": "set", "votes": "counter", "state": "multi", "place": "map", "done": "flag"},
                        "local": ["draft"]},
              "drafts": {"fields": {}, "deletion": "last-writer-wins"}
            }}
            """);

    private final FaultyRelay relay = FaultyRelay.start();
    private Server jetty;
    private SyncEngine engine;

    private final Access access;

    private TestServer(Access access) {
        this.access = access;
        begin();
    }

    static TestServer start() {
        return start((principal, space) -> principal.name().equals("reader") ? Permission.READ : Permission.WRITE);
    }

    static TestServer start(Access access) {
        return new TestServer(access);
    }

    /** Begins with an empty store. */
    private void begin() {
        engine = SyncEngine.on(MemoryStore.empty())
                .access(access)
                .collection("items", ITEMS)
                .schema(NOTES)
                .onlyDeclaredCollections()
                .open();
        Authenticator names = token ->
                token.equals("expired") ? Optional.empty() : Optional.of(Authentication.of(new Principal(token)));
        QueuedThreadPool threads = new QueuedThreadPool(8);
        threads.setName("test-server");
        jetty = new Server(threads);
        ServerConnector connector = new ServerConnector(jetty, 1, 1);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder servlet = new ServletHolder(new SyncServlet(engine, names));
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/v1/*");
        jetty.setHandler(context);
        try {
            jetty.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        relay.to(connector.getLocalPort());
    }

    /** From now on the server has nothing of what it had. */
    void loseEverything() {
        stop();
        begin();
    }

    /** What happens to the next requests, one each. */
    void next(FaultyRelay.Fault... faults) {
        relay.next(faults);
    }

    /** The paths of the requests so far; those of compressed ones end with {@code gzip}. */
    List<String> requests() {
        return relay.requests();
    }

    /** The media types of the requests that had a body. */
    List<String> types() {
        return relay.types();
    }

    URI url() {
        return relay.url();
    }

    ReplicaClient.Builder client() {
        return client("somebody");
    }

    ReplicaClient.Builder client(String name) {
        return ReplicaClient.of(url(), SPACE, () -> name).collection("items", ITEMS);
    }

    /** What the server itself shows and edits. */
    Documents items() {
        return engine.space(SPACE).collection("items");
    }

    private void stop() {
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        relay.close();
        stop();
    }
}
