package dev.watersmeet.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text while it is read, standing at a token.
 *
 * <p>What is not JSON is a {@link ProblemException}, for nothing after it can be read. What is JSON but not as expected is a {@link MalformedException}, after which reading may go on elsewhere;
 * {@link #place()} then still is where it happened.
 */
final class JsonInput {
    /** The deepest nesting of a message, with room for documents that are refused by themselves because they nest too deep. */
    static final int MAX_NESTING = 1_000;

    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;
    private static final int SHOWN_PLACE = 200;

    /** Names are not kept between messages: their number is the sender's to choose. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(FormatLimits.MAX_BODY_BYTES)
                    .maxNameLength(FormatLimits.MAX_BODY_BYTES)
                    .maxNumberLength(FormatLimits.MAX_BODY_BYTES)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser parser;

    private JsonInput(JsonParser parser) {
        this.parser = parser;
    }

    /** The text, standing at its first token. */
    static JsonInput of(String json) {
        try {
            JsonInput input = new JsonInput(FACTORY.createParser(json));
            input.next();
            return input;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is nothing to fail at in a string
        }
    }

    /** Decodes a body strictly, so that a text has one form in bytes. */
    static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notJson("its bytes are not UTF-8");
        }
    }

    private JsonToken next() {
        JsonToken token = nextOrEnd();
        if (token == null) {
            throw notJson("it ends too early");
        }
        return token;
    }

    private @Nullable JsonToken nextOrEnd() {
        try {
            return parser.nextToken();
        } catch (JsonProcessingException e) {
            throw notJson(e.getOriginalMessage() + " at character "
                    + parser.currentLocation().getCharOffset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProblemException notJson(String why) {
        return ProblemException.of(ProblemCode.MALFORMED, "the body is not JSON: " + why);
    }

    private String text() {
        try {
            return parser.getText();
        } catch (JsonProcessingException e) {
            throw notJson(e.getOriginalMessage() + " at character "
                    + parser.currentLocation().getCharOffset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the input stands, as a JSON pointer. */
    String place() {
        String pointer = parser.getParsingContext().pathAsPointer().toString();
        if (pointer.isEmpty()) {
            return "the top";
        }
        return pointer.length() <= SHOWN_PLACE ? pointer : pointer.substring(0, SHOWN_PLACE) + "…";
    }

    /** Checks that nothing follows. */
    void end() {
        if (nextOrEnd() != null) {
            throw notJson("there is something after its end");
        }
    }

    /** Whether {@code null} stands here. */
    boolean isNull() {
        return parser.hasToken(JsonToken.VALUE_NULL);
    }

    private MalformedException unexpected(String expected) {
        return MalformedException.of(
                "expected " + expected,
                switch (parser.currentToken()) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case END_ARRAY -> "the array's end";
                    default -> text();
                });
    }

    String string() {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            throw unexpected("a string");
        }
        return text();
    }

    @Nullable
    String stringOrNull() {
        return isNull() ? null : string();
    }

    boolean flag() {
        if (!parser.hasToken(JsonToken.VALUE_TRUE) && !parser.hasToken(JsonToken.VALUE_FALSE)) {
            throw unexpected("true or false");
        }
        return parser.hasToken(JsonToken.VALUE_TRUE);
    }

    private double number() {
        double number = Double.parseDouble(text());
        if (!Double.isFinite(number)) {
            throw MalformedException.of("a number is a finite double", text());
        }
        return number;
    }

    /** A safe integer, in whatever form a number may be written. */
    long integer() {
        if (!parser.currentToken().isNumeric()) {
            throw unexpected("an integer");
        }
        double number = number();
        if (number != Math.rint(number) || Math.abs(number) > MAX_SAFE_INTEGER) {
            throw unexpected("an integer");
        }
        return (long) number;
    }

    /** The value that stands here, in its canonical form. */
    Value value() {
        return Value.of(tree(Value.MAX_DEPTH));
    }

    private @Nullable Object tree(int levels) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> objectTree(nested(levels));
            case START_ARRAY -> arrayTree(nested(levels));
            case VALUE_STRING -> text();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE, VALUE_FALSE -> flag();
            default -> null;
        };
    }

    private static int nested(int levels) {
        if (levels == 0) {
            throw MalformedException.of("a value nests at most " + Value.MAX_DEPTH + " levels");
        }
        return levels - 1;
    }

    private Map<String, @Nullable Object> objectTree(int levels) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        while (next() != JsonToken.END_OBJECT) {
            String key = text();
            if (tree.containsKey(key)) {
                throw MalformedException.of("an object has each key once", key);
            }
            next();
            tree.put(key, tree(levels));
        }
        return tree;
    }

    private List<@Nullable Object> arrayTree(int levels) {
        List<@Nullable Object> tree = new ArrayList<>();
        while (next() != JsonToken.END_ARRAY) {
            tree.add(tree(levels));
        }
        return tree;
    }

    /** The members of the object that starts here. */
    Members members() {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            throw unexpected("an object");
        }
        return new Members();
    }

    /** Begins to read the array that starts here. */
    void beginArray() {
        if (!parser.hasToken(JsonToken.START_ARRAY)) {
            throw unexpected("an array");
        }
    }

    /** Goes on to the next element of the array; false at its end. */
    boolean element() {
        return next() != JsonToken.END_ARRAY;
    }

    /** Goes on to an element of the array that has to be there. */
    void expectElement(String what) {
        if (!element()) {
            throw MalformedException.of("expected " + what + " before the array's end");
        }
    }

    /** The members of one object, each of them once. Members that a reader does not take are passed by. */
    final class Members {
        private final JsonStreamContext object = parser.getParsingContext();
        private final Set<String> names = new HashSet<>();

        /** Goes on to the value of the next member, whatever was read of the one before. */
        @Nullable
        String next() {
            skipRest();
            if (JsonInput.this.next() == JsonToken.END_OBJECT) {
                return null;
            }
            String name = text();
            if (!names.add(name)) {
                throw MalformedException.of("an object has each key once", name);
            }
            JsonInput.this.next();
            return name;
        }

        /** Leaves everything that was entered since. */
        void skipRest() {
            while (parser.getParsingContext() != object) {
                JsonInput.this.next();
            }
        }
    }
}
