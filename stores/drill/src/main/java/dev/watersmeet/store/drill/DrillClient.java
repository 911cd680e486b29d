package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Runs statements on a Drillbit by its REST interface. What is put together of names and texts goes through {@link Sql}. Thread-safe. */
public final class DrillClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final String COMPLETED = "COMPLETED";
    /** Why a statement was not run, where Drill is set not to tell. */
    private static final Value UNTOLD =
            Value.of("it tells why with ALTER SYSTEM SET `drill.exec.http.rest.errors.verbose` = true");

    private static final int OK = 200;
    private static final int MAX_SHOWN = 500;

    /**
     * What a statement answers.
     *
     * @param columns the names of the columns, in their order
     * @param rows the values of each row by column; a column that is null in a row may be missing there
     */
    public record Result(List<String> columns, List<Map<String, Value>> rows) {
        public Result {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    private final HttpClient http;
    private final URI endpoint;
    private final @Nullable String authorization;
    private final Duration timeout;

    private DrillClient(HttpClient http, URI endpoint, @Nullable String authorization, Duration timeout) {
        this.http = http;
        this.endpoint = endpoint;
        this.authorization = authorization;
        this.timeout = timeout;
    }

    /**
     * A Drillbit whom everybody may ask.
     *
     * @param drillbit an address like {@code http://127.0.0.1:8047}; certificates of {@code https} are checked as Java does it
     * @throws IllegalArgumentException if it is no such address
     */
    public static DrillClient of(URI drillbit) {
        boolean web = "http".equals(drillbit.getScheme()) || "https".equals(drillbit.getScheme());
        if (!web || drillbit.getHost() == null || drillbit.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a Drillbit's address is like http://127.0.0.1:8047, without a user or a password");
        }
        return new DrillClient(http().build(), drillbit.resolve("/query.json"), null, Duration.ofMinutes(2));
    }

    /** The same as a user with a password, for Drill's mechanism {@code BASIC}. */
    public DrillClient as(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a user's name has no colon: " + user);
        }
        return new DrillClient(
                http,
                endpoint,
                "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(UTF_8)),
                timeout);
    }

    /** The same, where certificates are checked by a context of one's own. */
    public DrillClient trusting(SSLContext context) {
        return new DrillClient(http().sslContext(context).build(), endpoint, authorization, timeout);
    }

    private static HttpClient.Builder http() {
        return HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .cookieHandler(new CookieManager()); // a session of Drill's each, otherwise
    }

    /** The same with another time until an answer is given up; otherwise two minutes. */
    public DrillClient withTimeout(Duration other) {
        return new DrillClient(http, endpoint, authorization, other);
    }

    /**
     * Runs a statement.
     *
     * @throws IOException if the Drillbit cannot be reached or does not know the user, if the statement has failed, of which Drill tells in an answer with status 200, or if the answer has more than {@link Value#MAX_BYTES}
     */
    public Result run(String statement) throws IOException, InterruptedException {
        return run(statement, Map.of());
    }

    /** Runs a statement with options of Drill's for it alone. */
    Result run(String statement, Map<String, String> options) throws IOException, InterruptedException {
        String body = Value.of(Map.of("queryType", "SQL", "query", statement, "options", options))
                .text();
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            throw new IOException("Drill at " + endpoint + " answers with status " + response.statusCode()
                    + (authorization == null ? " to who has no name" : " to this user and password") + ": "
                    + shortened(response.body()));
        }
        return result(statement, response.body());
    }

    static Result result(String statement, String answer) throws IOException {
        Map<String, Value> members;
        try {
            members = Value.parse(answer).members();
        } catch (MalformedException | IllegalStateException e) {
            throw new IOException("Drill answers with something else than a result: " + shortened(answer), e);
        }
        Value state = members.getOrDefault("queryState", Value.UNDEFINED);
        if (!COMPLETED.equals(state.tree())) {
            throw new IOException("Drill has not run a statement: " + state.text() + " "
                    + members.getOrDefault("errorMessage", UNTOLD).text() + " for " + shortened(statement));
        }
        List<Map<String, Value>> rows = new ArrayList<>();
        list(members, "rows").forEach(row -> rows.add(row.members()));
        return new Result(
                list(members, "columns").stream()
                        .map(name -> String.valueOf(name.tree()))
                        .toList(),
                rows);
    }

    private static List<Value> list(Map<String, Value> members, String name) {
        return members.getOrDefault(name, Value.of(List.of())).elements();
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + " …";
    }
}
