package dev.watersmeet.crdt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON text (RFC 8259) into trees of {@code null}, {@link Boolean}, {@link Double}, {@link String}, {@link List} and {@link Map}; refuses what M-6 refuses. */
final class JsonReader {
    private static final List<String> LITERALS = List.of("true", "false", "null");

    private final String text;
    private final int levels;
    private int at;

    private JsonReader(String text, int levels) {
        this.text = text;
        this.levels = levels;
    }

    /** Reads a text that nests at most the given number of levels. */
    static @Nullable Object read(String text, int levels) {
        JsonReader reader = new JsonReader(text, levels);
        Object tree = reader.value(levels);
        reader.space();
        if (reader.at < text.length()) {
            throw reader.unexpected("the end");
        }
        return tree;
    }

    private @Nullable Object value(int left) {
        space();
        return switch (peek()) {
            case '{' -> object(nested(left));
            case '[' -> array(nested(left));
            case '"' -> string();
            case 't', 'f', 'n' -> literal();
            default -> number();
        };
    }

    private int nested(int left) {
        if (left == 0) {
            throw MalformedException.of("a value nests at most " + levels + " levels");
        }
        return left - 1;
    }

    private Map<String, @Nullable Object> object(int left) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (skip('}')) {
            return members;
        }
        do {
            space();
            if (peek() != '"') {
                throw unexpected("a key");
            }
            String key = string();
            space();
            expect(':');
            if (members.containsKey(key)) {
                throw MalformedException.of("an object has each key once", key);
            }
            members.put(key, value(left));
            space();
        } while (skip(','));
        expect('}');
        return members;
    }

    private List<@Nullable Object> array(int left) {
        List<@Nullable Object> members = new ArrayList<>();
        at++;
        space();
        if (skip(']')) {
            return members;
        }
        do {
            members.add(value(left));
            space();
        } while (skip(','));
        expect(']');
        return members;
    }

    private String string() {
        int start = ++at;
        while (peek() != '"' && peek() != '\\' && peek() >= 0x20) {
            at++;
        }
        if (peek() == '"') {
            return text.substring(start, at++);
        }
        StringBuilder out = new StringBuilder().append(text, start, at);
        while (true) {
            char c = next();
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

    private char escape() {
        char c = next();
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
            char hex = next();
            int digit = hex < 128 ? Character.digit(hex, 16) : -1;
            if (digit < 0) {
                throw unexpected("four hexadecimal digits");
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private Double number() {
        int start = at;
        skip('-');
        if (!skip('0')) {
            digits();
        }
        if (skip('.')) {
            digits();
        }
        if (skip('e') || skip('E')) {
            if (!skip('+')) {
                skip('-');
            }
            digits();
        }
        double number = Double.parseDouble(text.substring(start, at));
        if (!Double.isFinite(number)) {
            throw MalformedException.of("a number is a finite double", text.substring(start, at));
        }
        return number;
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

    private char next() {
        if (at == text.length()) {
            throw unexpected("a string's end");
        }
        return text.charAt(at++);
    }

    private boolean skip(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char c) {
        if (!skip(c)) {
            throw unexpected("'" + c + "'");
        }
    }

    private MalformedException unexpected(String expected) {
        return MalformedException.of(
                "JSON: expected " + expected + " at character " + at, text.substring(Math.min(at, text.length())));
    }
}
