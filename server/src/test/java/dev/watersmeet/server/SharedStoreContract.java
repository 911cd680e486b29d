package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.client.ReplicaClient;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.io.TempDir;

/** What holds of several servers, each a process of its own, on any store that they may share. */
@Timeout(240)
abstract class SharedStoreContract {
    private static final CollectionSchema SCHEMA = CollectionSchema.of(Map.of("count", FieldType.COUNTER));

    private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]+)\"");

    @TempDir
    static Path folder;

    private final List<ServerProcess> started = new ArrayList<>();

    /** A failure tells what the servers said. */
    @RegisterExtension
    final TestExecutionExceptionHandler telling = (context, failure) -> {
        StringBuilder said = new StringBuilder(String.valueOf(failure));
        for (ServerProcess server : started) {
            said.append("\na server said:\n").append(server.errors());
        }
        throw new AssertionError(said.toString(), failure);
    };

    /** What a server is started with to use the store. */
    abstract List<String> options() throws IOException;

    final ServerProcess server(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(options());
        arguments.add("--token=ada=secret");
        arguments.addAll(Arrays.asList(more));
        ServerProcess server = ServerProcess.start(folder, arguments.toArray(String[]::new));
        started.add(server);
        return server;
    }

    private static ReplicaClient client(ServerProcess server, String space) {
        return ReplicaClient.of(server.uri("/v1"), space, () -> "secret")
                .collection("things", SCHEMA)
                .open();
    }

    private static int count(ReplicaClient client) {
        Value total = client.collection("things").get("total").orElseThrow();
        return (int) Objects.requireNonNull(total.fields().get("count")).number();
    }

    private static void increment(ReplicaClient client) {
        client.collection("things").edit("total", total -> {
            Object before = total.get("count");
            total.put("count", before instanceof Value value ? value.number() + 1 : 1);
        });
    }

    @Test
    void whatOneServerAcknowledgedTheOtherHasThoughTheFirstIsKilled() throws Exception {
        try (ServerProcess first = server("--port=0");
                ServerProcess second = server("--port=0");
                ReplicaClient writer = client(first, "killed");
                ReplicaClient reader = client(second, "killed")) {
            AtomicInteger acknowledged = new AtomicInteger();
            AtomicBoolean unreachable = new AtomicBoolean();
            Thread writing = new Thread(() -> {
                try {
                    while (true) {
                        increment(writer);
                        writer.sync();
                        acknowledged.incrementAndGet();
                    }
                } catch (UncheckedIOException e) {
                    unreachable.set(true);
                }
            });
            writing.start();
            while (acknowledged.get() < 20 && writing.isAlive()) {
                Thread.sleep(20);
            }

            first.process.destroyForcibly();
            writing.join();
            assertThat(unreachable).isTrue();
            reader.sync();
            int read = count(reader);
            assertThat(read).isBetween(acknowledged.get(), acknowledged.get() + 1);
            try (ServerProcess again = server("--port=" + port(first))) {
                assertThat(port(again)).isEqualTo(port(first));
                writer.sync();
                assertThat(writer.pending()).isZero();
            }
            reader.sync();
            assertThat(count(reader)).isEqualTo(acknowledged.get() + 1);
        }
    }

    private static int port(ServerProcess server) {
        return server.uri("/").getPort();
    }

    @Test
    void aLiveFeedOfOneServerTellsWhatIsWrittenThroughTheOther() throws Exception {
        try (ServerProcess first = server("--port=0");
                ServerProcess second = server("--port=0")) {
            assertHeard("live", first, second);
        }
    }

    /** What is written through one server is told by a feed of the other; before its heartbeat, with which it looks in any case. */
    static void assertHeard(String space, ServerProcess written, ServerProcess read) throws Exception {
        try (ReplicaClient writer = client(written, space)) {
            writer.sync();
            HttpResponse<Stream<String>> feed = read.send(
                    read.request("/v1/spaces/" + space + "/changes?cursor=" + cursor(read, space))
                            .header("Authorization", "Bearer secret")
                            .header("Accept", "text/event-stream"),
                    HttpResponse.BodyHandlers.ofLines());
            assertThat(feed.statusCode()).isEqualTo(200);
            try (Stream<String> body = feed.body()) {
                Iterator<String> lines = body.iterator();
                isBeforeHeartbeat(lines, "event: changes"); // up to now: it waits for more
                boolean heard = false;
                for (int attempt = 0; attempt < 3 && !heard; attempt++) { // the heartbeat may come just then
                    String text = "over the other server " + attempt;
                    writer.collection("things").edit("told", told -> told.put("text", text));
                    writer.sync();
                    heard = isBeforeHeartbeat(lines, text);
                }
                assertThat(heard).as("told before a heartbeat").isTrue();
            }
        }
    }

    /** Reads up to a line with a text. */
    private static boolean isBeforeHeartbeat(Iterator<String> lines, String text) {
        boolean before = true;
        String line = lines.next();
        while (!line.contains(text)) {
            before &= !line.startsWith(":");
            line = lines.next();
        }
        return before;
    }

    private static String cursor(ServerProcess server, String space) throws Exception {
        String snapshot = server.send(
                        server.request("/v1/spaces/" + space + "/snapshot?replica=0000000000007")
                                .header("Authorization", "Bearer secret"),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher cursor = CURSOR.matcher(snapshot);
        assertThat(cursor.find()).as("%s has a cursor", snapshot).isTrue();
        return cursor.group(1);
    }

    /** What a server says that ends because it cannot use the store. */
    static String refusal(List<String> options, String... more) throws Exception {
        return refusal(1, options, more);
    }

    /** What a server says that ends with a status. */
    static String refusal(int status, List<String> options, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(Arrays.asList(more));
        arguments.add("--port=0");
        try (ServerProcess server = ServerProcess.launch(folder, arguments.toArray(String[]::new))) {
            assertThat(server.exitCode()).isEqualTo(status);
            return server.errors();
        }
    }
}
