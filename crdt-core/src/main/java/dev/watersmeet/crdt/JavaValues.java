package dev.watersmeet.crdt;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Between Java objects and trees of JSON with tagged objects for what JSON lacks (M-5). The table is in {@code docs/values.md}. */
final class JavaValues {
    /** The greatest distance of a date to the Unix epoch: the range of ECMAScript's time values. */
    private static final long MAX_DATE_MILLIS = 8_640_000_000_000_000L;

    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]*");
    private static final String BYTES = "Uint8Array";

    private JavaValues() {}

    /** The tree of a Java object. What is none of the objects in the table stays as it is, to be refused by who writes the tree. */
    @SuppressWarnings("JavaUtilDate") // the records of older code hold them
    static @Nullable Object tagged(@Nullable Object object, int depth) {
        if (object instanceof Instant instant) {
            return Map.of("$date", millis(instant));
        } else if (object instanceof Date date) {
            return Map.of("$date", millis(Instant.ofEpochMilli(date.getTime())));
        } else if (object instanceof byte[] bytes) {
            return Map.of("$binary", List.of(BYTES, Base64.getEncoder().encodeToString(bytes)));
        } else if (object instanceof BigInteger integer) {
            return Map.of("$bigint", integer.toString());
        } else if ((object instanceof Double || object instanceof Float)
                && !Double.isFinite(((Number) object).doubleValue())) {
            return Map.of("$number", object.toString());
        } else if (object instanceof List<?> list) {
            return members(list, CanonicalWriter.nested(depth));
        } else if (object instanceof Set<?> set) {
            return Map.of("$set", distinct(members(set, CanonicalWriter.nested(CanonicalWriter.nested(depth)))));
        } else if (object instanceof Map<?, ?> map) {
            int inside = CanonicalWriter.nested(depth);
            Map<@Nullable Object, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((key, member) -> members.put(key, tagged(member, inside)));
            return members;
        }
        return object;
    }

    private static List<@Nullable Object> members(Iterable<?> objects, int depth) {
        List<@Nullable Object> members = new ArrayList<>();
        objects.forEach(object -> members.add(tagged(object, depth)));
        return members;
    }

    /** Members of a set that Java tells apart and JavaScript does not, as {@code 1} and {@code 1L}, would be one there. */
    private static List<@Nullable Object> distinct(List<@Nullable Object> members) {
        Set<String> texts = new HashSet<>();
        for (Object member : members) {
            String text = Value.joined(member).text();
            if (!texts.add(text)) {
                throw MalformedException.of("a set has each member once", text);
            }
        }
        return members;
    }

    private static long millis(Instant instant) {
        Instant greatest = Instant.ofEpochMilli(MAX_DATE_MILLIS);
        if (instant.isAfter(greatest) || instant.isBefore(Instant.ofEpochMilli(-MAX_DATE_MILLIS))) {
            throw MalformedException.of(
                    "a date is within " + MAX_DATE_MILLIS + " ms of the Unix epoch", instant.toString());
        }
        return instant.toEpochMilli();
    }

    /** The Java object that a tree stands for. */
    static @Nullable Object of(@Nullable Object tree) {
        if (tree instanceof List<?> list) {
            return objects(list);
        }
        if (!(tree instanceof Map<?, ?> map)) {
            return tree;
        }
        Object untagged = map.size() == 1 ? untagged(map) : null;
        return untagged == null ? fields(map) : untagged;
    }

    private static List<@Nullable Object> objects(List<?> list) {
        List<@Nullable Object> objects = new ArrayList<>(list.size());
        list.forEach(member -> objects.add(of(member)));
        return objects;
    }

    private static Map<Object, @Nullable Object> fields(Map<?, ?> map) {
        Map<Object, @Nullable Object> fields = new LinkedHashMap<>();
        map.forEach((key, member) -> fields.put(key, of(member)));
        return fields;
    }

    /** What an object with one member stands for: a {@link Value} where Java has no such thing; null if it stands for itself. */
    private static @Nullable Object untagged(Map<?, ?> map) {
        Map.Entry<?, ?> member = map.entrySet().iterator().next();
        Object content = member.getValue();
        return switch ((String) member.getKey()) {
            case "$date" -> content == null ? Value.joined(map) : date(content);
            case "$binary" -> binary(map, content);
            case "$bigint" ->
                content instanceof String text && INTEGER.matcher(text).matches() ? new BigInteger(text) : null;
            case "$number" -> number(content);
            case "$set" -> content instanceof List<?> list ? set(map, list) : null;
            case "$undefined", "$map" -> Value.joined(map);
            case "$object" -> // what is escaped is an object, whatever it looks like
                content instanceof Map<?, ?> escaped ? new LinkedHashMap<>(Map.of("$object", fields(escaped))) : null;
            default -> null;
        };
    }

    private static @Nullable Instant date(Object content) {
        return isTime(content) ? Instant.ofEpochMilli(((Double) content).longValue()) : null;
    }

    /** Whether the content of a tagged date is a time value of ECMAScript: another number names no date (M-5). */
    static boolean isTime(@Nullable Object content) {
        return content instanceof Double millis && millis == Math.rint(millis) && Math.abs(millis) <= MAX_DATE_MILLIS;
    }

    private static @Nullable Object binary(Map<?, ?> map, @Nullable Object content) {
        if (!(content instanceof List<?> members)
                || members.size() != 2
                || !(members.get(0) instanceof String constructor)
                || !(members.get(1) instanceof String base64)) {
            return null;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            boolean isOnlyText = Base64.getEncoder().encodeToString(bytes).equals(base64);
            return isOnlyText && constructor.equals(BYTES) ? bytes : Value.joined(map);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Double number(@Nullable Object content) {
        if (content instanceof String name) {
            return switch (name) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> null;
            };
        }
        return null;
    }

    /** A set; a value where elements are repeated, which no set of Java's can hold. */
    private static Object set(Map<?, ?> map, List<?> list) {
        Set<@Nullable Object> set = new LinkedHashSet<>(objects(list));
        return set.size() == list.size() ? set : Value.joined(map);
    }
}
