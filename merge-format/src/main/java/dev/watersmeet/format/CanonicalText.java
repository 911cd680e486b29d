package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import java.nio.charset.StandardCharsets;

/** Values whose texts have to be canonical already (M-34). What is plain is seen to be so; everything else is parsed and written again. */
final class CanonicalText {
    private static final Value TRUE = Value.of(true);
    private static final Value FALSE = Value.of(false);

    private CanonicalText() {}

    /**
     * The value of a text.
     *
     * @param length at least 1
     * @param source what the bytes are of, for errors
     * @throws MalformedException if it is no value, or not in its canonical form
     */
    static Value value(byte[] bytes, int from, int length, ColumnReader source) {
        if (length > Value.MAX_BYTES) {
            throw MalformedException.of("a value has at most " + Value.MAX_BYTES + " bytes, not " + length);
        }
        if (PlainJson.mayBegin((char) bytes[from])) {
            String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1); // so it is, if it is plain
            if (PlainJson.isPlain(text)) {
                return Value.ofCanonical(text, length);
            }
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
}
