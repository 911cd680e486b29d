package dev.watersmeet.server;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Store;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.SyncEngine;
import dev.watersmeet.transport.http.Peers;
import dev.watersmeet.transport.http.SyncServlet;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server while it runs: Jetty, the servlet, the engine, and the store, which it closes at last. */
final class WatersmeetServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WatersmeetServer.class);

    /** How long requests may take to end after the signal to stop. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Store store;
    private final SyncServlet sync;
    private final Server server;
    private final ServerConnector connector;

    private WatersmeetServer(Store store, Settings settings, @Nullable Peers peers) throws IOException {
        this.store = store;
        SyncEngine engine = engine(store, settings);
        this.sync = new SyncServlet(engine, settings.authenticator(), settings.limits());
        this.server = Listener.server(settings.limits());
        this.connector = Listener.connector(server, settings.host(), settings.port(), settings.limits());
        ServletContextHandler context = context(engine, sync, settings);
        if (peers != null) {
            context.addServlet(new ServletHolder(peers.servlet()), Peers.PATH);
        }
        server.setHandler(new GracefulHandler(context));
        server.setErrorHandler(new ProblemPage());
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
    }

    /**
     * Starts a server that serves when this returns.
     *
     * @throws IOException if it cannot listen there, or lacks the pages of the demo; the message says what is wrong
     */
    static WatersmeetServer start(Store store, Settings settings) throws IOException {
        return start(store, settings, null);
    }

    /**
     * Starts a server that hears others.
     *
     * @param peers whose store the store is
     * @throws IOException as {@link #start(Store, Settings)}
     */
    static WatersmeetServer start(Store store, Settings settings, @Nullable Peers peers) throws IOException {
        WatersmeetServer server = new WatersmeetServer(store, settings, peers);
        try {
            server.server.start();
            return server;
        } catch (IOException e) {
            server.stop();
            throw new IOException(
                    "cannot listen at " + settings.host() + ":" + settings.port() + ": " + rootMessage(e), e);
        } catch (Exception e) { // Jetty declares no other
            server.stop();
            throw new IOException("cannot start: " + rootMessage(e), e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private static SyncEngine engine(Store store, Settings settings) {
        return SyncEngine.on(store)
                .access(Access.asGranted())
                .schema(settings.allCollections())
                .open();
    }

    private static ServletContextHandler context(SyncEngine engine, SyncServlet sync, Settings settings)
            throws IOException {
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
        context.setErrorHandler(new ProblemPage());
        FilterHolder headers = new FilterHolder(new SecurityHeaders());
        headers.setAsyncSupported(true);
        context.addFilter(headers, "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder exchange = new ServletHolder(sync);
        exchange.setAsyncSupported(true);
        context.addServlet(exchange, "/v1/*");
        context.addServlet(new ServletHolder(new JsonServlet("{\"status\":\"up\"}")), "/health");
        if (settings.tenants().hasDemo()) {
            addDemo(context, engine, settings);
        }
        return context;
    }

    private static void addDemo(ServletContextHandler context, SyncEngine engine, Settings settings)
            throws IOException {
        Resource pages = ResourceFactory.of(context).newClassLoaderResource("demo/");
        if (pages == null || !pages.isDirectory()) {
            throw new IOException("this server was built without the demo pages");
        }
        DemoControls controls = new DemoControls(engine, settings.demoKill());
        String told = Value.of(Map.of(
                        "space",
                        Tenants.DEMO_SPACE,
                        "tokens",
                        settings.tenants().demoTokens(),
                        "sql",
                        settings.queries().isPresent(),
                        "control",
                        controls.token(),
                        "kill",
                        settings.demoKill()))
                .text();
        FilterHolder names = new FilterHolder(new OwnNames(settings.host()));
        context.addFilter(names, "/demo.json", EnumSet.of(DispatcherType.REQUEST));
        context.addFilter(names, "/demo/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new JsonServlet(told)), "/demo.json");
        context.addServlet(new ServletHolder(controls), "/demo/control/*");
        settings.queries()
                .ifPresent(
                        queries -> context.addServlet(new ServletHolder(new DemoQueryServlet(queries)), "/demo/sql"));
        context.setBaseResource(pages);
        context.setWelcomeFiles(new String[] {"index.html"});
        ServletHolder files = new ServletHolder(new DefaultServlet());
        files.setInitParameter("dirAllowed", "false");
        files.setInitParameter(
                "cacheControl", "no-store"); // builds are reproducible: files that differ have the same date
        context.addServlet(files, "/");
    }

    /** Where the server listens. */
    URI uri() {
        String host = connector.getHost().contains(":") ? "[" + connector.getHost() + "]" : connector.getHost();
        return URI.create("http://" + host + ":" + connector.getLocalPort() + "/");
    }

    /** Waits until the server has stopped. */
    void join() throws InterruptedException {
        server.join();
    }

    /** Stops: ends the live feeds, accepts nothing more, lets requests finish, closes the store. */
    @Override
    public void close() {
        stop();
        store.close();
        log.info("stopped");
    }

    private void stop() {
        sync.destroy();
        try {
            server.stop();
        } catch (Exception e) { // Jetty declares no other
            log.warn("not every request ended in time", e);
        }
    }
}
