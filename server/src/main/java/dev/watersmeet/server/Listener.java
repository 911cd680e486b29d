package dev.watersmeet.server;

import dev.watersmeet.transport.http.HttpLimits;
import dev.watersmeet.transport.http.Limit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty within the limits that are about connections, and not about requests. */
final class Listener {
    /** How many connections may wait to be accepted, as far as the system lets them: after a restart all clients come at once, and whom it turns away tries again only after a second or more. */
    private static final int ACCEPT_QUEUE = 4_096;

    private Listener() {}

    static Server server(HttpLimits limits) {
        QueuedThreadPool threads = new QueuedThreadPool(limits.intOf(Limit.THREADS));
        threads.setName("http");
        return new Server(threads);
    }

    static ServerConnector connector(Server server, String host, int port, HttpLimits limits) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(limits.intOf(Limit.HEADER_BYTES));
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(limits.of(Limit.IDLE_TIME));
        connector.addBean(new HeaderTimeout(limits.durationOf(Limit.HEADER_TIME), connector.getScheduler()));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(limits.intOf(Limit.CONNECTIONS), connector));
        return connector;
    }
}
