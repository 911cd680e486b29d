package dev.watersmeet.store.embedded;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a space's log stands.
 *
 * <p>A cursor's text is {@code epoch.sequence}. A scan's position is {@code epoch~document}, where document is the key of the page's last document, without the space, in URL-safe base64.
 *
 * @param epoch random, drawn when the space is first named and whenever its data were put back from a copy: tells this log from any other that the space has had
 * @param last the sequence of the last entry; 0 where there is none
 * @param recorded the time of the last entry, in Unix milliseconds; later entries of the epoch have no earlier one
 * @param fence the sequence of the last entry that is gone; cursors below it expire
 * @param purged the sequence of the last entry that is a purge; 0 where there is none
 * @param former the sequence of the last entry of the former epochs; 0 where there is none
 * @param renewed when this epoch began, in Unix milliseconds: what entries of the former ones count as recorded at (S-21)
 * @param formerEpoch the epoch before; this one where there is none
 */
record SpaceHead(
        long epoch, long last, long recorded, long fence, long purged, long former, long renewed, long formerEpoch) {
    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{16})\\.(0|[1-9][0-9]{0,17})");
    private static final Pattern POSITION = Pattern.compile("([0-9a-f]{16})~([A-Za-z0-9_-]+)");

    /** The head of a log without entries. */
    static SpaceHead first(long epoch) {
        return new SpaceHead(epoch, 0, 0, 0, 0, 0, 0, epoch);
    }

    static SpaceHead parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long epoch = in.getLong();
        return new SpaceHead(
                epoch,
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.hasRemaining() ? in.getLong() : 0, // of a space that was written before its epoch could be renewed
                in.hasRemaining() ? in.getLong() : 0,
                in.hasRemaining() ? in.getLong() : epoch); // of one that was written before that was kept
    }

    byte[] bytes() {
        return ByteBuffer.allocate(8 * Long.BYTES)
                .putLong(epoch)
                .putLong(last)
                .putLong(recorded)
                .putLong(fence)
                .putLong(purged)
                .putLong(former)
                .putLong(renewed)
                .putLong(formerEpoch)
                .array();
    }

    /** The head after one more entry. */
    SpaceHead next(long now) {
        return new SpaceHead(epoch, last + 1, Math.max(recorded, now), fence, purged, former, renewed, formerEpoch);
    }

    /** The head after one more entry, which is a purge. */
    SpaceHead nextPurge(long now) {
        return new SpaceHead(epoch, last + 1, Math.max(recorded, now), fence, last + 1, former, renewed, formerEpoch);
    }

    SpaceHead withFence(long sequence) {
        return new SpaceHead(epoch, last, recorded, sequence, purged, former, renewed, formerEpoch);
    }

    /** The head with a new epoch, whose time begins now. */
    SpaceHead withEpoch(long fresh, long now) {
        return new SpaceHead(fresh, last, now, fence, purged, last, now, epoch);
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
        return find(head, cursor).orElseThrow(() -> expired("cursor", cursor, null));
    }

    private static Optional<Long> find(@Nullable SpaceHead head, Cursor cursor) {
        Matcher parts = CURSOR.matcher(cursor.text());
        if (head == null || !parts.matches() || HexFormat.fromHexDigitsToLong(parts.group(1)) != head.epoch) {
            return Optional.empty();
        }
        long sequence = Long.parseLong(parts.group(2));
        return sequence < head.fence || sequence > head.last ? Optional.empty() : Optional.of(sequence);
    }

    static CursorState state(@Nullable SpaceHead head, Cursor cursor) {
        Optional<Long> sequence = find(head, cursor);
        if (head == null || sequence.isEmpty()) {
            return head != null && head.isBeforeRenewal(cursor) ? CursorState.BEFORE_RENEWAL : CursorState.EXPIRED;
        }
        return sequence.get() < head.purged ? CursorState.BEFORE_PURGE : CursorState.CURRENT;
    }

    /** Whether a cursor of the former epoch covers all that was ever purged (S-25). */
    private boolean isBeforeRenewal(Cursor cursor) {
        Matcher parts = CURSOR.matcher(cursor.text());
        return formerEpoch != epoch
                && purged <= former
                && parts.matches()
                && HexFormat.fromHexDigitsToLong(parts.group(1)) == formerEpoch
                && Long.parseLong(parts.group(2)) >= purged;
    }

    /** Refuses a batch whose writer has not read the last purge. */
    void checkBasis(@Nullable Cursor basis) {
        if (basis != null && state(this, basis) != CursorState.CURRENT) {
            throw new StoreException(
                    StoreException.Kind.CURSOR_EXPIRED, "the batch is based on a cursor from before a purge: " + basis);
        }
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
