package dev.watersmeet.crdt;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value in its canonical form: JSON text by RFC 8785 (M-4), with tagged objects for what JSON lacks (M-5).
 *
 * <p>Immutable. Two values are equal exactly if their texts are; they are ordered by the UTF-8 bytes of their texts.
 */
public final class Value implements Comparable<Value> {
    /** The deepest nesting of arrays and objects (M-6). */
    public static final int MAX_DEPTH = 64;

    /** The longest text, in bytes of UTF-8 (M-6). */
    public static final int MAX_BYTES = 1 << 20;

    /** JSON's {@code null}. */
    public static final Value NULL = new Value("null");

    /** JavaScript's {@code undefined}. */
    public static final Value UNDEFINED = new Value("{\"$undefined\":true}");

    private static final String ESCAPE = "$object";
    private static final String MAP = "$map";

    private final String text;
    /** The length in UTF-8; 0 until it is known, for no text is empty. Threads that count at the same time find the same. */
    private int bytes;

    private Value(String text) {
        this(text, 0);
    }

    private Value(String text, int bytes) {
        this.text = text;
        this.bytes = bytes;
    }

    /**
     * The value of a JSON text in any form.
     *
     * @throws MalformedException if the text is not JSON, or against M-6
     */
    public static Value parse(String json) {
        return of(JsonReader.read(json, MAX_DEPTH));
    }

    /**
     * The value of a Java object: {@code null}, {@link Boolean}, {@link Number} (that a double holds; {@link BigInteger} as a big integer), {@link CharSequence}, {@link Instant} or {@link
     * java.util.Date} (a date, in whole milliseconds), {@code byte[]} (a binary), another {@link Value}, and {@link List}, {@link java.util.Set} and {@link Map} with string keys of these. Maps are taken
     * as they are: one that looks like a tagged object is one. All of it in a table: {@code docs/values.md}.
     *
     * @throws MalformedException if the object is none of these, or against M-6
     */
    public static Value of(@Nullable Object object) {
        if (object == null) {
            return NULL;
        }
        if (object instanceof Value value) {
            return value;
        }
        StringBuilder out = new StringBuilder();
        CanonicalWriter.tree(JavaValues.tagged(object, 0), out, 0);
        return ofCanonical(out.toString());
    }

    /** A value from text that is known to be canonical, for instance because it was read from a {@link #text()} that was stored. */
    public static Value ofCanonical(String canonical) {
        checkBytes(canonical);
        return new Value(canonical);
    }

    /**
     * As {@link #ofCanonical(String)}, from text whose length is known.
     *
     * @param bytes the length of the text in bytes of UTF-8
     * @throws MalformedException if it is against M-6
     */
    public static Value ofCanonical(String canonical, int bytes) {
        if (bytes > MAX_BYTES) {
            throw tooLong(canonical);
        }
        return new Value(canonical, bytes);
    }

    /** As {@link #ofCanonical(String)}, from UTF-8. */
    static Value ofCanonical(byte[] utf8, int from, int length) {
        return ofCanonical(new String(utf8, from, length, StandardCharsets.UTF_8), length);
    }

    private static void checkBytes(String canonical) {
        if (canonical.length() > MAX_BYTES / 3 && canonical.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw tooLong(canonical);
        }
    }

    private static MalformedException tooLong(String text) {
        return MalformedException.of("a value has at most " + MAX_BYTES + " bytes", text);
    }

    /**
     * The value as a Java object that {@link #of} takes back to this very value: {@code null}, {@link Boolean}, {@link Double}, {@link String}, {@link List}, {@link Map} with string keys, {@link Instant},
     * {@code byte[]}, {@link BigInteger} and {@link java.util.Set}. What Java has no such thing for, anywhere inside, stays a value: {@code undefined}, an invalid date, a binary that is no {@code
     * Uint8Array}, a {@link #map}. Collections are the caller's own. All of it in a table: {@code docs/values.md}.
     */
    public @Nullable Object toJava() {
        return JavaValues.of(tree());
    }

    /**
     * The value of a JavaScript {@code Map}: its keys and values are as {@link #of} takes them, in their order.
     *
     * @throws MalformedException if one is none of these, or against M-6
     */
    public static Value map(Map<?, ?> entries) {
        Map<Value, List<Value>> pairs = new LinkedHashMap<>();
        entries.forEach((object, value) -> {
            Value key = of(object);
            if (pairs.put(key, List.of(key, of(value))) != null) {
                throw MalformedException.of("a map has each key once", key.text());
            }
        });
        return of(Map.of(MAP, List.copyOf(pairs.values())));
    }

    /**
     * The entries of a JavaScript {@code Map}, in their order; of objects as keys that JavaScript tells apart though they look alike, the last.
     *
     * @throws IllegalStateException if this is none
     */
    public Map<Value, Value> entries() {
        Value pairs = isTagged() ? members().get(MAP) : null;
        if (pairs == null || !pairs.isArray()) {
            throw new IllegalStateException("not a map: " + this);
        }
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (Value pair : pairs.elements()) {
            if (!pair.isArray() || pair.elements().size() != 2) {
                throw new IllegalStateException("not a map: " + this);
            }
            entries.put(pair.elements().get(0), pair.elements().get(1));
        }
        return entries;
    }

    /** The canonical text. */
    public String text() {
        return text;
    }

    /** The length of the text in bytes of UTF-8. */
    public int bytes() {
        if (bytes == 0) {
            bytes = countBytes();
        }
        return bytes;
    }

    private int countBytes() {
        int count = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                count += c < 0x800 || Character.isSurrogate(c) ? 1 : 2; // a pair of surrogates has four bytes in all
            }
        }
        return count;
    }

    /** Whether this is a JSON object, tagged ones included. */
    public boolean isObject() {
        return text.charAt(0) == '{';
    }

    /** Whether this is a JSON array. */
    public boolean isArray() {
        return text.charAt(0) == '[';
    }

    /** Whether this is a record: an object that is not a tagged value, or one that is escaped because it looks like one (M-5). */
    public boolean isRecord() {
        return isObject() && (!isTagged() || escaped() != null);
    }

    /**
     * The fields of a record, in canonical order; those of an escaped object are its own.
     *
     * @throws IllegalStateException if this is not a record
     */
    public Map<String, Value> fields() {
        if (!isRecord()) {
            throw new IllegalStateException("not a record: " + this);
        }
        Value escaped = isTagged() ? escaped() : null;
        return escaped == null ? members() : escaped.members();
    }

    /**
     * The record with the given fields, whose values are as {@link #of} takes them. It is escaped if it looks like a tagged value (M-5).
     *
     * @throws MalformedException if a field's value is none of these, or against M-6
     */
    public static Value record(Map<String, ?> fields) {
        Map<String, Value> values = new LinkedHashMap<>();
        fields.forEach((field, value) -> values.put(field, of(value)));
        Value record = joined(values);
        return record.isTagged() ? joined(Map.of(ESCAPE, record)) : record;
    }

    /** A value made of values: what is read from cells is a record, however large it has become by merging. */
    static Value joined(@Nullable Object tree) {
        StringBuilder out = new StringBuilder();
        CanonicalWriter.tree(tree, out, CanonicalWriter.UNBOUNDED);
        return new Value(out.toString());
    }

    /** What an escaped object stands for; null if this is none. */
    private @Nullable Value escaped() {
        Value content = text.startsWith(ESCAPE, 2) ? members().get(ESCAPE) : null;
        return content != null && content.isObject() ? content : null;
    }

    /**
     * Checks that the value may stand in a cell: one that was joined of values may not.
     *
     * @throws MalformedException if it is against M-6
     */
    void checkBounds() {
        if (text.length() > 2 * MAX_DEPTH && depth() > MAX_DEPTH) { // a level has two brackets
            throw MalformedException.of("a value nests at most " + MAX_DEPTH + " levels", text);
        }
        checkBytes(text);
    }

    /** How deep the value nests. */
    int depth() {
        int depth = 0;
        int deepest = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                deepest = Math.max(deepest, ++depth);
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return deepest;
    }

    private boolean isTagged() {
        if (!text.startsWith("{\"$")) {
            return false;
        }
        return members().size() == 1;
    }

    /**
     * The members of an object, in canonical order.
     *
     * @throws IllegalStateException if this is not an object
     */
    public Map<String, Value> members() {
        if (!(tree() instanceof Map<?, ?> map)) {
            throw new IllegalStateException("not an object: " + this);
        }
        Map<String, Value> members = new LinkedHashMap<>();
        map.forEach((key, member) -> members.put((String) key, joined(member)));
        return members;
    }

    /**
     * The members of an array.
     *
     * @throws IllegalStateException if this is not an array
     */
    public List<Value> elements() {
        if (!(tree() instanceof List<?> list)) {
            throw new IllegalStateException("not an array: " + this);
        }
        List<Value> elements = new ArrayList<>(list.size());
        list.forEach(member -> elements.add(joined(member)));
        return elements;
    }

    /** Whether this is a JSON number. */
    public boolean isNumber() {
        char first = text.charAt(0);
        return first == '-' || (first >= '0' && first <= '9');
    }

    /**
     * The number.
     *
     * @throws IllegalStateException if this is not a number
     */
    public double number() {
        if (!isNumber()) {
            throw new IllegalStateException("not a number: " + this);
        }
        return Double.parseDouble(text);
    }

    /** The value as a tree of {@code null}, {@link Boolean}, {@link Double}, {@link String}, {@link List} and {@link Map}; tagged values stay tagged. */
    public @Nullable Object tree() {
        return JsonReader.read(text, Integer.MAX_VALUE);
    }

    @Override
    public int compareTo(Value other) {
        return compareUtf8(text, other.text);
    }

    /** Compares texts as their UTF-8 bytes compare. Canonical texts have no lone surrogates, so that is by code points. */
    private static int compareUtf8(String one, String two) {
        int length = Math.min(one.length(), two.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = two.charAt(i);
            if (a != b) {
                boolean astralA = Character.isSurrogate(a);
                boolean astralB = Character.isSurrogate(b);
                return astralA == astralB ? Character.compare(a, b) : astralA ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), two.length());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Value value && text.equals(value.text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The canonical text. */
    @Override
    public String toString() {
        return text;
    }
}
