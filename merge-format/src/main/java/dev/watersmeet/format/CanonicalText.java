package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import java.nio.charset.StandardCharsets;

/** Values whose texts have to be canonical already (M-34). What is short and plain is seen to be so; everything else is parsed and written again. */
final class CanonicalText {
    /** Integers of fewer digits are written as they are by ECMAScript, and are exact. */
    private static final int MAX_PLAIN_DIGITS = 15;

    private static final Value TRUE = Value.of(true);
    private static final Value FALSE = Value.of(false);

    private CanonicalText() {}

    /**
     * The value of a text.
     *
     * @param source what the bytes are of, for errors
     * @throws MalformedException if it is no value, or not in its canonical form
     */
    static Value value(byte[] bytes, int from, int length, ColumnReader source) {
        int end = from + length;
        byte first = bytes[from];
        if (first == '"' ? isPlainString(bytes, from, end) : isPlainInteger(bytes, from, end)) {
            return Value.ofCanonical(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
        }
        String text = source.text(from, length);
        return switch (text) {
            case "null" -> Value.NULL;
            case "true" -> TRUE;
            case "false" -> FALSE;
            default -> parse(text);
        };
    }

    private static Value parse(String text) {
        Value value = Value.parse(text);
        if (!value.text().equals(text)) {
            throw MalformedException.of("the text of a value is canonical", text);
        }
        return value;
    }

    /** Whether this is a string in quotes, of ASCII without anything that is escaped. */
    private static boolean isPlainString(byte[] bytes, int from, int end) {
        int last = end - 1;
        if (last == from || bytes[last] != '"') {
            return false;
        }
        for (int i = from + 1; i < last; i++) {
            byte b = bytes[i];
            if (b < 0x20 || b == '"' || b == '\\') { // beyond ASCII bytes are negative
                return false;
            }
        }
        return true;
    }

    private static boolean isPlainInteger(byte[] bytes, int from, int end) {
        int digits = bytes[from] == '-' ? from + 1 : from;
        int count = end - digits;
        if (count < 1 || count > MAX_PLAIN_DIGITS || (bytes[digits] == '0' && end - from > 1)) {
            return false;
        }
        for (int i = digits; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }
}
