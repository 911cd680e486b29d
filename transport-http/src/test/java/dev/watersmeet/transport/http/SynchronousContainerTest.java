package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A servlet that was registered without support for asynchronous requests answers none, rather than to hold a thread for each. */
@Timeout(30)
class SynchronousContainerTest {
    @Test
    void noRequestIsAnswered() throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        SyncEngine engine = SyncEngine.on(MemoryStore.empty())
                .access(Access.writeEverywhere())
                .open();
        StaticTokens tokens = StaticTokens.of(Map.of("secret", new Principal("ann")));
        ServletHolder holder = new ServletHolder(new SyncServlet(engine, tokens));
        holder.setAsyncSupported(false);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(holder, "/v1/*");
        server.setHandler(context);
        server.start();
        try {
            URI schema = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/v1/spaces/shop/schema");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(schema)
                                    .header("Authorization", "Bearer secret")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("\"code\":\"internal\"");
        } finally {
            server.stop();
        }
    }
}
