package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a Drillbit by its REST interface. Thread-safe. */
final class Queries {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String COMPLETED = "COMPLETED";

    /** A row of a result. */
    record Row(Map<String, Value> columns) {
        /** The value of a column; {@link Value#NULL} where there is none. */
        Value value(String column) {
            return columns.getOrDefault(column, Value.NULL);
        }

        /** The value of a column as a text. */
        String text(String column) {
            return String.valueOf(value(column).tree());
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI endpoint;

    private Queries(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** The Drillbit at an address like {@code http://127.0.0.1:8047}. */
    static Queries to(URI drillbit) {
        return new Queries(drillbit.resolve("/query.json"));
    }

    /**
     * Runs a statement.
     *
     * @return its rows
     * @throws IOException if the Drillbit cannot be reached, or the statement has failed, of which it tells in an answer with status 200
     */
    List<Row> run(String statement) throws IOException, InterruptedException {
        String body = "{\"queryType\":\"SQL\",\"query\":" + Column.quote(statement) + "}";
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("Drill answers with status " + response.statusCode() + ": " + response.body());
        }
        return rows(statement, response.body());
    }

    static List<Row> rows(String statement, String answer) throws IOException {
        Map<String, Value> members;
        try {
            members = Value.parse(answer).members();
        } catch (MalformedException | IllegalStateException e) {
            throw new IOException("Drill answers with something else than a result", e);
        }
        Value state = members.getOrDefault("queryState", Value.UNDEFINED);
        if (!COMPLETED.equals(state.tree())) {
            throw new IOException("Drill has not run a statement: " + state.text() + " "
                    + members.getOrDefault("errorMessage", Value.NULL).text() + " for " + statement);
        }
        List<Row> rows = new ArrayList<>();
        members.getOrDefault("rows", Value.of(List.of())).elements().forEach(row -> rows.add(new Row(row.members())));
        return rows;
    }
}
