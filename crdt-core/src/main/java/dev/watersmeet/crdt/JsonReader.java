package dev.watersmeet.crdt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON text (RFC 8259) from left to right, piece by piece, and refuses what M-6 refuses.
 *
 * <p>It is here, and no library is used, because strings have to arrive exactly as they are: lone surrogates are values like others (M-4), which readers of JSON replace or refuse. Every piece may be
 * preceded by white space. What is not as asked for is a {@link MalformedException}; the position is then somewhere within the piece. Not thread-safe.
 */
public final class JsonReader {
    /** The deepest nesting that {@link #skipValue()} passes by. */
    public static final int MAX_SKIPPED_DEPTH = 500;

    private static final List<String> LITERALS = List.of("true", "false", "null");

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /** A reader that stands at the beginning of a text. */
    public static JsonReader of(String text) {
        return new JsonReader(text);
    }

    /** Reads a text that nests at most the given number of levels. */
    static @Nullable Object read(String text, int levels) {
        JsonReader reader = new JsonReader(text);
        Object tree = reader.value(levels);
        reader.end();
        return tree;
    }

    /** Where the reader stands, in UTF-16 code units. */
    public int position() {
        return at;
    }

    /** Goes back to where the reader stood before. */
    public void position(int position) {
        this.at = position;
    }

    /** The first character of the next piece, or NUL at the end. */
    public char next() {
        space();
        return peek();
    }

    /** Passes a character by, if it is the next one: a bracket, a comma, a colon. */
    public boolean skip(char c) {
        space();
        return skipHere(c);
    }

    /** Passes a character by that has to be there. */
    public void expect(char c) {
        if (!skip(c)) {
            throw unexpected("'" + c + "'");
        }
    }

    /** Checks that nothing follows. */
    public void end() {
        space();
        if (at < text.length()) {
            throw unexpected("the end");
        }
    }

    /** Reads a string. */
    public String string() {
        if (next() != '"') {
            throw unexpected("a string");
        }
        return stringHere();
    }

    /** Reads any value. */
    public Value value() {
        return Value.of(value(Value.MAX_DEPTH));
    }

    /**
     * Reads the array of a path. It is no value: an element in it nests as deep as values do.
     *
     * @throws MalformedException if it is no path (M-10)
     */
    public Path path() {
        return Path.of(Value.joined(value(Value.MAX_DEPTH + 1)));
    }

    /** Passes a value by, which may be against M-6, but is JSON. */
    public void skipValue() {
        skipValue(MAX_SKIPPED_DEPTH);
    }

    private void skipValue(int left) {
        char first = next();
        if (first == '"') {
            stringHere();
        } else if (first == '{' || first == '[') {
            char last = first == '{' ? '}' : ']';
            at++;
            if (skip(last)) {
                return;
            }
            if (left == 0) {
                throw MalformedException.of("a message nests at most " + MAX_SKIPPED_DEPTH + " levels");
            }
            do {
                if (first == '{') {
                    string();
                    expect(':');
                }
                skipValue(left - 1);
            } while (skip(','));
            expect(last);
        } else if (first == 't' || first == 'f' || first == 'n') {
            literal();
        } else {
            numberText();
        }
    }

    private @Nullable Object value(int left) {
        return switch (next()) {
            case '{' -> object(nested(left));
            case '[' -> array(nested(left));
            case '"' -> stringHere();
            case 't', 'f', 'n' -> literal();
            default -> number();
        };
    }

    private static int nested(int left) {
        if (left == 0) {
            throw MalformedException.of("a value nests at most " + Value.MAX_DEPTH + " levels");
        }
        return left - 1;
    }

    private Map<String, @Nullable Object> object(int left) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        if (skip('}')) {
            return members;
        }
        do {
            String key = string();
            expect(':');
            if (members.containsKey(key)) {
                throw MalformedException.of("an object has each key once", key);
            }
            members.put(key, value(left));
        } while (skip(','));
        expect('}');
        return members;
    }

    private List<@Nullable Object> array(int left) {
        List<@Nullable Object> members = new ArrayList<>();
        at++;
        if (skip(']')) {
            return members;
        }
        do {
            members.add(value(left));
        } while (skip(','));
        expect(']');
        return members;
    }

    private String stringHere() {
        int start = ++at;
        at = endOfPlain(start);
        if (peek() == '"') {
            return text.substring(start, at++);
        }
        StringBuilder out = new StringBuilder().append(text, start, at);
        while (true) {
            char c = character();
            if (c == '"') {
                return out.toString();
            }
            if (c < 0x20) {
                at--;
                throw unexpected("a string without control characters");
            }
            out.append(c == '\\' ? escape() : c);
        }
    }

    /** Where a string ends, or something in it has to be looked at. */
    private int endOfPlain(int start) {
        int length = text.length();
        for (int end = start; end < length; end++) {
            char c = text.charAt(end);
            if (c == '"' || c == '\\' || c < 0x20) {
                return end;
            }
        }
        return length;
    }

    private char escape() {
        char c = character();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw unexpected("an escape");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char hex = character();
            int digit = hex < 128 ? Character.digit(hex, 16) : -1;
            if (digit < 0) {
                throw unexpected("four hexadecimal digits");
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private Double number() {
        String digits = numberText();
        double number = Double.parseDouble(digits);
        if (!Double.isFinite(number)) {
            throw MalformedException.of("a number is a finite double", digits);
        }
        return number;
    }

    private String numberText() {
        int start = at;
        skipHere('-');
        if (!skipHere('0')) {
            digits();
        }
        if (skipHere('.')) {
            digits();
        }
        if (skipHere('e') || skipHere('E')) {
            if (!skipHere('+')) {
                skipHere('-');
            }
            digits();
        }
        return text.substring(start, at);
    }

    private void digits() {
        if (peek() < '0' || peek() > '9') {
            throw unexpected("a value");
        }
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
    }

    private @Nullable Boolean literal() {
        for (String literal : LITERALS) {
            if (text.startsWith(literal, at)) {
                at += literal.length();
                return literal.equals("null") ? null : Boolean.valueOf(literal);
            }
        }
        throw unexpected("a value");
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** The character at the place, or NUL at the end: no JSON text goes on with NUL. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private char character() {
        if (at == text.length()) {
            throw unexpected("a string's end");
        }
        return text.charAt(at++);
    }

    private boolean skipHere(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private MalformedException unexpected(String expected) {
        return MalformedException.of(
                "JSON: expected " + expected + " at character " + at, text.substring(Math.min(at, text.length())));
    }
}
