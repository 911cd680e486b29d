package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.watersmeet.crdt.Value;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON trees, which generators make and both models are given: as texts, and as values of the Java model. Trees are not changed once they are made. */
final class Trees {
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Trees() {}

    /** A JSON text, in ASCII, which is not canonical: numbers as Java prints them, members in any order. */
    static String text(JsonNode tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The tree of a value. (Jackson refuses lone surrogates in keys, so it does not read canonical texts.) */
    static JsonNode of(Value value) {
        return of(value.tree());
    }

    private static JsonNode of(@Nullable Object tree) {
        if (tree instanceof List<?> list) {
            ArrayNode array = NODES.arrayNode();
            list.forEach(member -> array.add(of(member)));
            return array;
        }
        if (tree instanceof Map<?, ?> map) {
            ObjectNode object = NODES.objectNode();
            map.forEach((key, member) -> object.set((String) key, of(member)));
            return object;
        }
        if (tree instanceof Double number) {
            return NODES.numberNode(number);
        }
        return tree instanceof String text
                ? NODES.textNode(text)
                : tree instanceof Boolean flag ? NODES.booleanNode(flag) : NODES.nullNode();
    }

    /** A record as an application has it: however deep it nests, for it is the writing that has to refuse. */
    static Value record(JsonNode tree) {
        return value(tree);
    }

    private static Value value(JsonNode tree) {
        if (tree.isArray()) {
            StringJoiner text = new StringJoiner(",", "[", "]");
            tree.forEach(member -> text.add(value(member).text()));
            return Value.ofCanonical(text.toString());
        }
        return tree.isObject() ? object(tree) : Value.of(scalar(tree));
    }

    private static Value object(JsonNode tree) {
        String tag = tagKey(tree);
        boolean escaped = "$object".equals(tag) && tagKey(tree.get(tag)) != null;
        if (tag != null && !escaped) {
            return Value.ofCanonical(
                    "{" + Value.of(tag).text() + ":" + value(tree.get(tag)).text() + "}");
        }
        Map<String, Value> fields = new TreeMap<>();
        (escaped ? tree.get(tag) : tree)
                .properties()
                .forEach(field -> fields.put(field.getKey(), value(field.getValue())));
        return Value.record(fields);
    }

    private static @Nullable Object scalar(JsonNode tree) {
        if (tree.isNumber()) {
            return tree.doubleValue();
        }
        return tree.isTextual() ? tree.textValue() : tree.isBoolean() ? (Object) tree.booleanValue() : null;
    }

    /** The only key of an object, if it starts with a dollar sign. */
    static @Nullable String tagKey(JsonNode tree) {
        if (!tree.isObject() || tree.size() != 1) {
            return null;
        }
        String key = tree.fieldNames().next();
        return key.startsWith("$") ? key : null;
    }

    /** How deep a tree nests. */
    static int depth(JsonNode tree) {
        int depth = 0;
        for (JsonNode member : tree) {
            depth = Math.max(depth, depth(member));
        }
        return tree.isContainerNode() ? depth + 1 : 0;
    }

    static ArrayNode array(JsonNode... members) {
        ArrayNode array = NODES.arrayNode();
        for (JsonNode member : members) {
            array.add(member);
        }
        return array;
    }

    static ObjectNode object(String key, JsonNode member) {
        return NODES.objectNode().set(key, member);
    }
}
