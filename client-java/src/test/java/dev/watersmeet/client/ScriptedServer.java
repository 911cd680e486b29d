package dev.watersmeet.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The server's side of a conversation: it answers as it is told. */
final class ScriptedServer implements AutoCloseable {
    private final Conversation conversation;
    private final TimeSource clock;
    private final HttpServer server;
    private final List<JsonNode> turns = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private boolean cut;

    ScriptedServer(Conversation conversation, TimeSource clock) throws IOException {
        this.conversation = conversation;
        this.clock = clock;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/spaces/shop-7/snapshot", this::snapshot);
        server.createContext("/v1/spaces/shop-7/sync", this::sync);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /** The next turns of the conversation. */
    synchronized void expect(List<JsonNode> next) {
        turns.addAll(next);
        cut = false;
    }

    /** Whether the connection was cut, as the conversation told. */
    synchronized boolean isCut() {
        return cut;
    }

    synchronized boolean hasTurns() {
        return !turns.isEmpty();
    }

    /** The turns that the client has not taken, and what it said out of turn. */
    synchronized List<String> left() {
        List<String> left = new ArrayList<>(unexpected);
        turns.forEach(turn -> left.add("not taken: " + conversation.spoken(turn)));
        return left;
    }

    private synchronized void snapshot(HttpExchange exchange) throws IOException {
        if (cut) { // until the conversation goes on: nothing of the client's gets through, nor what HTTP repeats by
            // itself
            exchange.close();
            return;
        }
        Map<String, String> query = Pattern.compile("&")
                .splitAsStream(exchange.getRequestURI().getRawQuery())
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(
                        parameter -> parameter[0],
                        parameter -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
        conversation.own(ReplicaId.parse(requireNonNull(query.get("replica"))));
        String position = query.get("position");
        JsonNode turn = first(candidate -> candidate.has("snapshot")
                && Objects.equals(candidate.get("snapshot").get("position").textValue(), position));
        if (turn == null) {
            outOfTurn(exchange, "a snapshot from " + position);
        } else {
            answer(exchange, turn);
        }
    }

    private synchronized void sync(HttpExchange exchange) throws IOException {
        JsonNode body = Conversation.JSON.readTree(exchange.getRequestBody());
        conversation.own(ReplicaId.parse(body.get("replica").textValue()));
        ObjectNode answer = told();
        if (body.hasNonNull("push")) {
            JsonNode turn = first(candidate -> candidate.has("push"));
            if (turn == null
                    || !(turn.has("cursor") ? turn : body).get("cursor").equals(body.get("cursor"))
                    || !conversation.hears(turn.get("push"), body.get("push"))) {
                outOfTurn(exchange, "the push " + body);
                return;
            }
            if (turn.has("problem") || turn.has("lost")) {
                answer(exchange, turn);
                return;
            }
            turns.remove(turn);
            answer.set("push", conversation.spoken(turn.get("answer")));
        }
        if (body.get("pull").booleanValue()) {
            JsonNode next = turns.isEmpty() ? null : turns.get(0);
            if (next != null && body.get("cursor").equals(next.get("pull"))) {
                if (next.has("problem")) {
                    answer(exchange, next);
                    return;
                }
                turns.remove(next);
                answer.set("changes", conversation.spoken(next.get("answer")));
            } else {
                ObjectNode nothing = answer.putObject("changes");
                nothing.putArray("documents");
                nothing.set("cursor", body.get("cursor"));
                nothing.put("more", false);
            }
        }
        send(exchange, 200, answer);
    }

    private @Nullable JsonNode first(Predicate<JsonNode> wanted) {
        return turns.stream().filter(wanted).findFirst().orElse(null);
    }

    private void answer(HttpExchange exchange, JsonNode turn) {
        turns.remove(turn);
        if (turn.has("lost")) {
            cut = true;
            exchange.close();
        } else if (turn.has("problem")) {
            JsonNode problem = conversation.spoken(turn.get("problem"));
            send(exchange, problem.get("status").intValue(), problem);
        } else {
            ObjectNode answer = told();
            answer.setAll((ObjectNode) conversation.spoken(turn.get("answer")));
            send(exchange, 200, answer);
        }
    }

    private ObjectNode told() {
        return Conversation.JSON.createObjectNode().put("protocol", 1).put("time", clock.millis());
    }

    private void outOfTurn(HttpExchange exchange, String what) {
        unexpected.add(what);
        send(exchange, 500, Conversation.JSON.createObjectNode().put("code", "internal"));
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status == 200 ? "application/json" : "application/problem+json");
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
