package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Live connections that come at once and wait, on the server as it is run, with the small heap of all tests. */
@Timeout(300)
class ConnectionsTest {
    private static final int CONNECTIONS = 5_000;

    /** What stands beside the connections: files of the test and of the libraries. */
    private static final int SPARE_DESCRIPTORS = 500;

    private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]*)\"");

    @TempDir
    private Path folder;

    private ServerProcess start() throws Exception {
        return ServerProcess.start(
                folder,
                "--port=0",
                "--data=data",
                "--token=ann=secret",
                "--limit=heartbeat=2000",
                // All connections are of one principal, and all ask at once.
                "--limit=feeds-of-principal=" + CONNECTIONS,
                "--limit=requests-of-principal=" + CONNECTIONS,
                "--limit=request-burst=" + 2 * CONNECTIONS);
    }

    private static String cursor(ServerProcess server) throws Exception {
        String snapshot = send(server, server.request("/v1/spaces/shop/snapshot?replica=0000000000001"));
        Matcher cursor = CURSOR.matcher(snapshot);
        assertThat(cursor.find()).isTrue();
        return cursor.group(1);
    }

    private static String send(ServerProcess server, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response =
                server.send(request.header("Authorization", "Bearer secret"), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static void edit(ServerProcess server, String cursor) throws Exception {
        String stamp = Stamp.of(System.currentTimeMillis(), 0, new ReplicaId(1)).toString();
        String push = "{\"protocol\":1,\"replica\":\"0000000000001\",\"cursor\":\"" + cursor
                + "\",\"pull\":false,\"push\":{\"number\":1,\"nonce\":\"" + "0".repeat(26)
                + "\",\"after\":null,\"documents\":[{\"collection\":\"items\",\"id\":\"1\",\"cells\":["
                + "[[\"e\",\"0000000000001\"],\"" + stamp + "\",0],[[\"r\",\"a\"],\"" + stamp + "\",0,1]]}]}}";
        String answer = send(
                server,
                server.request("/v1/spaces/shop/sync")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(push)));
        assertThat(answer).contains("\"rejected\":[]");
    }

    @Test
    void fiveThousandHearThatTheServerIsAliveAndAnEdit() throws Exception {
        assumeThat(((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getMaxFileDescriptorCount())
                .as("descriptors that a process may open: see ulimit -n")
                .isGreaterThan(CONNECTIONS + SPARE_DESCRIPTORS);
        List<LiveConnection> feeds = new ArrayList<>();
        try (ServerProcess server = start()) {
            String cursor = cursor(server);
            for (int i = 0; i < CONNECTIONS; i++) {
                feeds.add(LiveConnection.open(server.uri("/"), "/v1/spaces/shop/changes?cursor=" + cursor, "secret"));
            }
            for (LiveConnection feed : feeds) {
                feed.await("event: changes"); // the first page, which is empty
            }
            for (LiveConnection feed : feeds) {
                feed.await(":"); // a heartbeat
            }
            edit(server, cursor);
            for (LiveConnection feed : feeds) {
                feed.await("event: changes");
            }
        } finally {
            for (LiveConnection feed : feeds) {
                feed.close();
            }
        }
    }
}
