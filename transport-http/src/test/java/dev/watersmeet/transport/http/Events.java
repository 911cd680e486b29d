package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A live feed as a client reads it. Reading blocks, as long as the server is silent. */
final class Events {
    final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    /** An event, or a comment, which has no name. */
    record Event(@Nullable String name, @Nullable String id, String data) {
        Page page() {
            assertThat(name).isEqualTo("changes");
            Page page = MergeFormat.readPage(data.getBytes(StandardCharsets.UTF_8));
            assertThat(id).isEqualTo(page.cursor());
            return page;
        }
    }

    private Events(HttpResponse<InputStream> response) {
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    static Events open(TestServer server, HttpRequest.Builder request) throws Exception {
        HttpResponse<InputStream> response = server.http.send(
                request.header("Accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new Events(response);
    }

    /** The next event or comment; null at the end of the stream. */
    @Nullable
    Event next() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                return new Event(fields.get("event"), fields.get("id"), fields.getOrDefault("data", ""));
            }
            int colon = line.indexOf(':');
            fields.put(line.substring(0, colon), line.substring(colon + 1).stripLeading());
        }
        return null;
    }

    /** The next event that is no comment. */
    Event nextEvent() throws IOException {
        Event event = next();
        while (event != null && event.name() == null) {
            event = next();
        }
        assertThat(event).as("an event before the end of the stream").isNotNull();
        return event;
    }

    /** Reads to the end of a feed that must bring nothing more than its problem. */
    Problem end() throws IOException {
        Event last = nextEvent();
        assertThat(last.name()).isEqualTo("problem");
        assertThat(last.id()).isNull();
        assertThat(next()).isNull();
        return MergeFormat.readProblem(last.data().getBytes(StandardCharsets.UTF_8));
    }

    void disconnect() throws IOException {
        response.body().close();
    }
}
