package dev.watersmeet.store.embedded;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a space's log stands.
 *
 * <p>A cursor's text is {@code epoch.sequence}. A scan's position is {@code epoch~document}, where document is the key of the page's last document, without the space, in URL-safe base64.
 *
 * @param epoch random, drawn when the space is first named: tells this log from one that a folder restored or made anew would have
 * @param last the sequence of the last entry; 0 where there is none
 */
record SpaceHead(long epoch, long last) {
    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{16})\\.(0|[1-9][0-9]{0,17})");
    private static final Pattern POSITION = Pattern.compile("([0-9a-f]{16})~([A-Za-z0-9_-]+)");

    static SpaceHead parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new SpaceHead(in.getLong(), in.getLong());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(epoch).putLong(last).array();
    }

    /** The head after one more entry. */
    SpaceHead next() {
        return new SpaceHead(epoch, last + 1);
    }

    Cursor cursor() {
        return cursor(last);
    }

    /** The cursor of an entry. */
    Cursor cursor(long sequence) {
        return new Cursor(HexFormat.of().toHexDigits(epoch) + "." + sequence);
    }

    /** The position after a document. */
    Cursor position(byte[] document, int spaceLength) {
        byte[] own = Arrays.copyOfRange(document, spaceLength, document.length);
        return new Cursor(HexFormat.of().toHexDigits(epoch)
                + "~"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(own));
    }

    /** The sequence that a cursor names. */
    static long sequence(@Nullable SpaceHead head, Cursor cursor) {
        Matcher parts = CURSOR.matcher(cursor.text());
        if (head == null || !parts.matches() || HexFormat.fromHexDigitsToLong(parts.group(1)) != head.epoch) {
            throw expired("cursor", cursor, null);
        }
        long sequence = Long.parseLong(parts.group(2));
        if (sequence > head.last) {
            throw expired("cursor", cursor, null);
        }
        return sequence;
    }

    /** The document, without the space, after which a position goes on. */
    static byte[] document(@Nullable SpaceHead head, Cursor position) {
        Matcher parts = POSITION.matcher(position.text());
        if (head == null || !parts.matches() || HexFormat.fromHexDigitsToLong(parts.group(1)) != head.epoch) {
            throw expired("position", position, null);
        }
        try {
            byte[] document = Base64.getUrlDecoder().decode(parts.group(2));
            if (Keys.endsDocument(document)) {
                return document;
            }
        } catch (IllegalArgumentException e) {
            throw expired("position", position, e);
        }
        throw expired("position", position, null);
    }

    private static StoreException expired(String what, Cursor cursor, @Nullable Throwable cause) {
        return new StoreException(
                StoreException.Kind.CURSOR_EXPIRED, "not a " + what + " of this space as it is here: " + cursor, cause);
    }
}
