package dev.watersmeet.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What stands for stamps, replicas and nonces in the conversations of {@code spec/vectors}, for one client. Its own replica is known when it first tells it. */
final class Conversation {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final JsonNode FILE = file();
    static final long EPOCH = FILE.get("epoch").longValue();

    private static final Map<String, ReplicaId> OTHERS =
            Map.of("other", ReplicaId.parse("0000000000B0B"), "third", ReplicaId.parse("0000000000C0C"));
    private static final Pattern STAMP = Pattern.compile("@(\\d+)(?:\\.(\\d+))? (\\w+)");
    private static final Pattern TIME = Pattern.compile("@(\\d+)");
    private static final Pattern NAME = Pattern.compile("@(\\w+)");
    private static final Pattern NONCE = Pattern.compile("\\$\\d+");

    private final Map<String, String> nonces = new HashMap<>();
    private @Nullable ReplicaId own;

    /** The id that it goes on under if it has a twin. */
    private @Nullable ReplicaId anew;

    private static JsonNode file() {
        try {
            return JSON.readTree(Files.readString(Path.of("..", "spec", "vectors", "conversations.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> all() {
        return elements(FILE.get("cases"));
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    void own(ReplicaId replica) {
        if (own == null) {
            own = replica;
        } else if (!own.equals(replica)) {
            anew = replica;
        }
    }

    /** A part of a conversation as it travels. */
    JsonNode spoken(JsonNode part) {
        if (part.isTextual()) {
            return TextNode.valueOf(word(part.textValue()));
        }
        if (part.isArray()) {
            ArrayNode spoken = JsonNodeFactory.instance.arrayNode();
            part.forEach(element -> spoken.add(spoken(element)));
            return spoken;
        }
        if (part.isObject()) {
            ObjectNode spoken = JsonNodeFactory.instance.objectNode();
            part.properties().forEach(member -> spoken.set(member.getKey(), spoken(member.getValue())));
            return spoken;
        }
        return part;
    }

    private String word(String part) {
        Matcher stamp = STAMP.matcher(part);
        if (stamp.matches()) {
            int counter = stamp.group(2) == null ? 0 : Integer.parseInt(stamp.group(2));
            return new Stamp(time(stamp.group(1), counter), replica(stamp.group(3))).toString();
        }
        Matcher time = TIME.matcher(part);
        if (time.matches()) {
            return new ReplicaId(time(time.group(1), 0)).toString(); // 64 bits, as those
        }
        Matcher name = NAME.matcher(part);
        return name.matches() ? replica(name.group(1)).toString() : nonces.getOrDefault(part, part);
    }

    private static long time(String millis, int counter) {
        return (EPOCH + Long.parseLong(millis)) << 16 | counter;
    }

    private ReplicaId replica(String name) {
        return switch (name) {
            case "own" -> own == null ? OTHERS.get(name) : own;
            case "anew" -> anew == null ? OTHERS.get("third") : anew;
            default -> OTHERS.get(name);
        };
    }

    /** Whether a push is what the conversation says; a nonce that is named for the first time is any that was not used. */
    boolean hears(JsonNode part, JsonNode push) {
        String nonce = part.get("nonce").textValue();
        if (NONCE.matcher(nonce).matches() && !nonces.containsKey(nonce)) {
            if (nonces.containsValue(push.get("nonce").textValue())) {
                return false;
            }
            nonces.put(nonce, push.get("nonce").textValue());
        }
        return sorted(spoken(part)).equals(sorted(push));
    }

    /** A push whose cells stand in the order of their paths, which is not the client's to keep. */
    private static JsonNode sorted(JsonNode push) {
        ObjectNode copy = push.deepCopy();
        for (JsonNode document : copy.withArray("documents")) {
            List<JsonNode> cells =
                    new ArrayList<>(elements(document.get("cells")).toList());
            cells.sort(Comparator.comparing(cell -> cell.get(0).toString()));
            ((ObjectNode) document).putArray("cells").addAll(cells);
        }
        return copy;
    }
}
