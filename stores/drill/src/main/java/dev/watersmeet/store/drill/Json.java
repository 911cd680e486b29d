package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.Value;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is written as JSON: texts, also those that are longer than a value of the model may be: a record within a text has more characters than by itself. */
final class Json {
    private static final int FIRST_PRINTABLE = ' ';

    private Json() {}

    /**
     * A member of an object that has it.
     *
     * @throws IllegalStateException if it has not
     */
    static Value member(Value object, String name) {
        @Nullable Value member = object.members().get(name);
        if (member == null) {
            throw new IllegalStateException("there is no " + name + " in " + object.text());
        }
        return member;
    }

    /** A text as a JSON string. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || isAlone(text, i)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** Whether a character is half of one, of which UTF-8 has none. */
    private static boolean isAlone(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
