package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.util.Map;
import java.util.Set;

/** Finds out which {@link Feature}s a value has. */
final class Features {
    private static final int NEAR = 3;
    private static final double TWO_TO_THE_53 = 9007199254740992.0;
    private static final Map<String, Feature> TAGS = Map.of(
            "$date", Feature.TAG_DATE,
            "$binary", Feature.TAG_BINARY,
            "$bigint", Feature.TAG_BIGINT,
            "$undefined", Feature.TAG_UNDEFINED,
            "$number", Feature.TAG_NUMBER,
            "$map", Feature.TAG_MAP,
            "$set", Feature.TAG_SET,
            "$object", Feature.TAG_OBJECT,
            "$conflict", Feature.TAG_CONFLICT);

    private Features() {}

    /** Adds what a value has. */
    static void of(JsonNode tree, Set<Feature> found) {
        int depth = Trees.depth(tree);
        if (depth > Value.MAX_DEPTH) {
            found.add(Feature.ABOVE_DEPTH_LIMIT);
        } else if (depth > Value.MAX_DEPTH - NEAR) {
            found.add(Feature.NEAR_DEPTH_LIMIT);
        }
        visit(tree, found);
    }

    private static void visit(JsonNode tree, Set<Feature> found) {
        if (tree.isNumber()) {
            number(tree.doubleValue(), found);
        } else if (tree.isTextual()) {
            text(tree.textValue(), found);
        } else if (tree.isArray() && tree.isEmpty()) {
            found.add(Feature.EMPTY_ARRAY);
        } else if (tree.isObject()) {
            object(tree, found);
        }
        tree.forEach(member -> visit(member, found));
    }

    private static void number(double number, Set<Feature> found) {
        double size = Math.abs(number);
        if (number == 0 && 1 / number < 0) {
            found.add(Feature.NEGATIVE_ZERO);
        } else if (Math.abs(size - TWO_TO_THE_53) <= 2) {
            found.add(Feature.AROUND_2_TO_THE_53);
        } else if (size >= 1e21 && size < 1e22) {
            found.add(Feature.FROM_10_TO_THE_21);
        } else if (size > 0 && size < Double.MIN_NORMAL) {
            found.add(Feature.SUBNORMAL);
        } else if (size >= 1.7e308) {
            found.add(Feature.GREATEST_DOUBLES);
        }
    }

    private static void text(String text, Set<Feature> found) {
        if (Texts.hasLoneSurrogate(text)) {
            found.add(Feature.LONE_SURROGATE_IN_VALUE);
        }
        if (text.codePoints().anyMatch(Character::isSupplementaryCodePoint)) {
            found.add(Feature.ASTRAL_CHARACTER);
        }
        size(text, Path.MAX_SEGMENT_BYTES, Feature.NEAR_SEGMENT_LIMIT, Feature.ABOVE_SEGMENT_LIMIT, found);
        size(text, Value.MAX_BYTES, Feature.NEAR_VALUE_LIMIT, Feature.ABOVE_VALUE_LIMIT, found);
    }

    /** Whether a string is as long as a limit allows, or just above. */
    static void size(String text, int limit, Feature near, Feature above, Set<Feature> found) {
        if (text.length() * 6 < limit - NEAR) {
            return;
        }
        int bytes = Texts.quotedBytes(text) + 2;
        if (Math.abs(bytes - limit) <= NEAR) {
            found.add(bytes > limit ? above : near);
        }
    }

    private static void object(JsonNode tree, Set<Feature> found) {
        if (tree.isEmpty()) {
            found.add(Feature.EMPTY_OBJECT);
        }
        tree.fieldNames().forEachRemaining(key -> {
            if (Texts.hasLoneSurrogate(key)) {
                found.add(Feature.LONE_SURROGATE_IN_KEY);
            }
            if (Texts.PROTOTYPE_NAMES.contains(key)) {
                found.add(Feature.PROTOTYPE_NAME_AS_KEY);
            }
        });
        String tag = Trees.tagKey(tree);
        if (tag != null) {
            found.add(TAGS.getOrDefault(tag, Feature.TAG_UNKNOWN));
            if (tag.equals("$object") && "$object".equals(Trees.tagKey(tree.get(tag)))) {
                found.add(Feature.NESTED_ESCAPE);
            }
        }
    }
}
