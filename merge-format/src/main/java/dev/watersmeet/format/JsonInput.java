package dev.watersmeet.format;

import dev.watersmeet.crdt.JsonReader;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * A message while it is read, standing before a value.
 *
 * <p>What is not as expected is a {@link MalformedException}; {@link #place()} then still is where it happened. Whoever wants to go on has {@link Members#skip()}, which throws again if what
 * follows is not even JSON.
 */
final class JsonInput {
    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;
    private static final int SHOWN_PLACE = 200;
    private static final int INITIAL_DEPTH = 8;
    /** Of so many names each is looked for one by one. */
    private static final int FEW = 8;
    /** What stands in for bytes that are no text; it may also be a part of a text. */
    private static final char REPLACEMENT = '\uFFFD';

    private final String text;
    private final JsonReader reader;
    private final @Nullable BatchSource batch;
    /** Where the input stands: a name at each level of an object; null at that of an array, which has an index. */
    private @Nullable String[] names = new String[INITIAL_DEPTH];

    private int[] indexes = new int[INITIAL_DEPTH];
    private int depth;

    private JsonInput(String text, @Nullable BatchSource batch) {
        this.text = text;
        this.reader = JsonReader.of(text);
        this.batch = batch;
    }

    /** A message that is to be read. */
    static JsonInput of(String json) {
        return new JsonInput(json, null);
    }

    /** The envelope of a message whose documents stand behind it (M-27). */
    static JsonInput of(String envelope, BatchSource batch) {
        return new JsonInput(envelope, batch);
    }

    /** Decodes a body strictly, so that a text has one form in bytes. */
    static String decode(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeStrictly(utf8);
    }

    private static String decodeStrictly(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.of(ProblemCode.MALFORMED, "the body is not JSON: its bytes are not UTF-8");
        }
    }

    /** Where the input stands, as a JSON pointer. */
    String place() {
        StringBuilder pointer = new StringBuilder();
        for (int level = 0; level < depth; level++) {
            String name = names[level];
            pointer.append('/');
            if (name == null) {
                pointer.append(indexes[level]);
            } else {
                pointer.append(name.replace("~", "~0").replace("/", "~1"));
            }
        }
        if (pointer.isEmpty()) {
            return "the top";
        }
        return pointer.length() <= SHOWN_PLACE ? pointer.toString() : pointer.substring(0, SHOWN_PLACE) + "…";
    }

    /** Checks that nothing follows. */
    void end() {
        reader.end();
        if (batch != null) {
            batch.end();
        }
    }

    /** Where the documents stand; null if that is here. */
    @Nullable
    BatchSource batch() {
        return batch;
    }

    /** Passes {@code null} by, if it stands here. */
    boolean isNull() {
        if (reader.next() != 'n') {
            return false;
        }
        reader.skipValue();
        return true;
    }

    String string() {
        return reader.string();
    }

    @Nullable
    String stringOrNull() {
        return isNull() ? null : string();
    }

    boolean flag() {
        Value value = reader.value();
        if (!value.text().equals("true") && !value.text().equals("false")) {
            throw MalformedException.of("expected true or false", value.text());
        }
        return value.text().equals("true");
    }

    /** A safe integer, in whatever form a number may be written. */
    long integer() {
        Value value = value();
        double number = value.isNumber() ? value.number() : Double.NaN;
        if (number != Math.rint(number) || Math.abs(number) > MAX_SAFE_INTEGER) {
            throw MalformedException.of("expected an integer", value.text());
        }
        return (long) number;
    }

    /** The value that stands here, in its canonical form. */
    Value value() {
        reader.next();
        int from = reader.position();
        int end = PlainJson.end(text, from);
        if (end < 0) {
            return reader.value();
        }
        reader.position(end);
        return Value.ofCanonical(text.substring(from, end), end - from); // plain texts are of ASCII
    }

    /** Passes a value by, if it stands here written like this: mostly, what follows is written as its neighbour was. */
    boolean skip(String source) {
        reader.next();
        int from = reader.position();
        if (!text.startsWith(source, from) || !PlainJson.endsThere(text, from + source.length())) {
            return false;
        }
        reader.position(from + source.length());
        return true;
    }

    /** The text of the value that stands here, as it was written. It is JSON, and may be against M-6. */
    String source() {
        reader.next();
        int from = reader.position();
        reader.skipValue();
        return text.substring(from, reader.position());
    }

    /** The members of the object that stands here. */
    Members members() {
        if (!reader.skip('{')) {
            throw unlike("an object");
        }
        return new Members();
    }

    /** The elements of the array that stands here. */
    Elements elements() {
        if (!reader.skip('[')) {
            throw unlike("an array");
        }
        return new Elements();
    }

    private MalformedException unlike(String expected) {
        char next = reader.next();
        return next == '\0'
                ? MalformedException.of("expected " + expected + " before the end")
                : MalformedException.of("expected " + expected, Character.toString(next) + "…");
    }

    /** The members of one object, each of them once. Each value is either read or skipped. */
    final class Members {
        private Collection<String> names = new ArrayList<>(FEW);
        private final int level = depth;
        private int valueStart;

        /** Goes on to the next member, of which the name has been read then; null at the end. */
        @Nullable
        String next() {
            boolean first = names.isEmpty();
            depth = level;
            if (first ? reader.skip('}') : !reader.skip(',')) {
                if (!first) {
                    reader.expect('}');
                }
                return null;
            }
            String name = reader.string();
            if (names.contains(name)) {
                throw MalformedException.of("an object has each key once", name);
            }
            if (names.size() == FEW) {
                names = new HashSet<>(names);
            }
            names.add(name);
            reader.expect(':');
            enter(name, 0);
            valueStart = reader.position();
            return name;
        }

        /** Passes the member's value by, whatever has been read of it. */
        void skip() {
            depth = level + 1;
            reader.position(valueStart);
            reader.skipValue();
        }
    }

    /** The elements of one array. Each has to be read. */
    final class Elements {
        private final int level = depth;
        private int count;

        /** Goes on to the next element; false at the end. */
        boolean next() {
            depth = level;
            if (count == 0 ? reader.skip(']') : !reader.skip(',')) {
                if (count > 0) {
                    reader.expect(']');
                }
                return false;
            }
            enter(null, count++);
            return true;
        }

        /** Goes on to an element that has to be there. */
        void expect(String what) {
            if (!next()) {
                throw MalformedException.of("expected " + what + ", found the array's end");
            }
        }
    }

    private void enter(@Nullable String name, int index) {
        if (depth == indexes.length) {
            names = Arrays.copyOf(names, 2 * depth);
            indexes = Arrays.copyOf(indexes, 2 * depth);
        }
        names[depth] = name;
        indexes[depth] = index;
        depth++;
    }
}
