package dev.watersmeet.testing.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.FeedRequest;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Inputs to begin with, out of the vectors of the merge format: so that a new vector is a new seed. */
final class Seeds {
    private static final Path VECTORS = Path.of("..", "..", "spec", "vectors");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REPLICA = "0000000000007";
    private static final String NONCE =
            "0".repeat(Stamp.of(0, 0, new ReplicaId(0)).toString().length());

    private Seeds() {}

    private static JsonNode read(String file) {
        try {
            return JSON.readTree(VECTORS.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All nodes inside of some files that have the members. */
    private static List<ObjectNode> objects(Set<String> files, String... members) {
        List<ObjectNode> found = new ArrayList<>();
        files.forEach(file -> collect(read(file), node -> Stream.of(members).allMatch(node::has), found));
        return found;
    }

    private static void collect(JsonNode node, Predicate<JsonNode> condition, List<ObjectNode> found) {
        if (node.isObject() && condition.test(node)) {
            found.add((ObjectNode) node);
        }
        node.forEach(child -> collect(child, condition, found));
    }

    private static final Set<String> EXCHANGES = Set.of("conversations.json", "pages.json");

    static List<byte[]> pages() {
        List<byte[]> seeds = new ArrayList<>();
        objects(EXCHANGES, "cursor", "documents", "more").forEach(page -> seeds.add(bytes(page)));
        return inBothForms(seeds, (json, form) -> MergeFormat.writePage(MergeFormat.readPage(json), form));
    }

    static List<byte[]> snapshots() {
        List<byte[]> seeds = new ArrayList<>();
        objects(EXCHANGES, "cursor", "documents", "position", "total").forEach(page -> {
            ObjectNode message = versioned().put("time", 1_767_225_600_000L);
            seeds.add(bytes(message.setAll(page)));
        });
        return inBothForms(
                seeds, (json, form) -> MergeFormat.writeSnapshotPage(MergeFormat.readSnapshotPage(json), form));
    }

    static List<byte[]> syncRequests() {
        List<byte[]> seeds = new ArrayList<>();
        List<JsonNode> pushes = new ArrayList<>(objects(EXCHANGES, "after", "documents", "nonce", "number"));
        objects(Set.of("documents.json"), "document").forEach(vector -> {
            ObjectNode push = JSON.createObjectNode().put("number", 1).put("nonce", NONCE);
            push.putNull("after");
            push.putArray("documents").add(vector.get("document"));
            pushes.add(push);
        });
        pushes.forEach(push -> {
            ObjectNode message =
                    versioned().put("replica", REPLICA).put("cursor", "c1").put("pull", true);
            seeds.add(bytes(message.set("push", push)));
        });
        return inBothForms(
                seeds, (json, form) -> MergeFormat.writeSyncRequest(MergeFormat.readSyncRequest(json), form));
    }

    static List<byte[]> syncAnswers() {
        List<byte[]> seeds = new ArrayList<>();
        List<ObjectNode> outcomes = objects(EXCHANGES, "nonce", "number", "rejected");
        List<ObjectNode> pages = objects(EXCHANGES, "cursor", "documents", "more");
        for (int i = 0; i < pages.size(); i++) {
            ObjectNode message = versioned().put("time", 1_767_225_600_000L);
            message.set("push", outcomes.get(i % outcomes.size()));
            message.set("changes", pages.get(i));
            seeds.add(bytes(message));
        }
        return inBothForms(seeds, (json, form) -> MergeFormat.writeSyncAnswer(MergeFormat.readSyncAnswer(json), form));
    }

    static List<byte[]> feedRequests() {
        FeedRequest request =
                new FeedRequest(List.of(new FeedRequest.Start("shop", "c1"), new FeedRequest.Start("home", "c2")));
        return List.of(MergeFormat.writeFeedRequest(request));
    }

    static List<byte[]> problems() {
        return objects(EXCHANGES, "code", "detail", "retry").stream()
                .map(Seeds::bytes)
                .toList();
    }

    static List<byte[]> outcomes() {
        return objects(EXCHANGES, "nonce", "number", "rejected").stream()
                .map(Seeds::bytes)
                .toList();
    }

    static List<byte[]> values() {
        return texts("values.json", "text", JsonNode::asText);
    }

    static List<byte[]> paths() {
        return texts("paths.json", "path", JsonNode::toString);
    }

    static List<byte[]> schemas() {
        return texts("schemas.json", "schema", JsonNode::asText);
    }

    static List<byte[]> stamps() {
        List<byte[]> seeds = new ArrayList<>(texts("stamps.json", "stamp", JsonNode::asText));
        seeds.addAll(texts("stamps.json", "replica", JsonNode::asText));
        seeds.addAll(texts("stamps.json", "expected", JsonNode::asText));
        return seeds;
    }

    static List<byte[]> names() {
        return Stream.of("shop-7", ".hidden", "a".repeat(128), "a".repeat(129), "Ünser")
                .map(name -> name.getBytes(UTF_8))
                .toList();
    }

    private static List<byte[]> texts(String file, String member, Function<JsonNode, String> text) {
        return objects(Set.of(file), member).stream()
                .map(vector -> text.apply(vector.get(member)).getBytes(UTF_8))
                .toList();
    }

    private static ObjectNode versioned() {
        return JSON.createObjectNode().put("protocol", MergeFormat.PROTOCOL);
    }

    private static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(UTF_8);
    }

    /** Writes a message that stands as JSON in a form. */
    private interface Rewriter {
        byte[] write(byte[] json, MessageForm form);
    }

    /** The same, and those that can be read and written also in the binary form; and the binary messages of the vectors. */
    private static List<byte[]> inBothForms(List<byte[]> seeds, Rewriter rewriter) {
        List<byte[]> all = new ArrayList<>(seeds);
        seeds.forEach(json -> binary(json, rewriter).ifPresent(all::add));
        objects(Set.of("batches.json"), "message")
                .forEach(vector -> all.add(
                        HexFormat.of().parseHex(vector.get("message").asText().replaceAll("\\s", ""))));
        return all;
    }

    /** The binary form of what can be read and written: a refusing vector is a seed as JSON only. */
    private static Optional<byte[]> binary(byte[] json, Rewriter rewriter) {
        try {
            return Optional.of(rewriter.write(json, MessageForm.BATCH));
        } catch (ProblemException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
