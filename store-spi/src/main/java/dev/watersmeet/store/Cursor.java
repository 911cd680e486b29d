package dev.watersmeet.store;

import dev.watersmeet.crdt.MalformedException;
import java.util.regex.Pattern;

/**
 * A point in a space's history, as its store names it: opaque to everyone else (P-3), and bounded, so that it can be sent with every request however long the history is (S-9).
 *
 * @param text 1 to {@value #MAX_LENGTH} printable characters of ASCII
 */
public record Cursor(String text) {
    /** The longest text of a cursor. */
    public static final int MAX_LENGTH = 2048;

    private static final Pattern TEXT = Pattern.compile("[!-~]{1," + MAX_LENGTH + "}");

    public Cursor {
        if (!TEXT.matcher(text).matches()) {
            throw MalformedException.of("a cursor is 1 to " + MAX_LENGTH + " printable characters", text);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
