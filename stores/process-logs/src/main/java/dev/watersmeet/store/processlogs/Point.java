package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What a cursor says: a point in the logs of a generation, or among the pages of the turn that ended it.
 *
 * @param epoch of the space
 * @param generation whose logs, or whose turn
 * @param read how far its logs were read
 * @param page the next page of the turn to be read, counted from 1; 0 while the logs are read
 */
record Point(long epoch, long generation, VersionVector read, int page) {
    private static final int FORM = 1;
    private static final int CHECK_BYTES = Integer.BYTES;

    static Point in(Control control, VersionVector read) {
        return new Point(control.epoch(), control.generation(), read, 0);
    }

    Point at(VersionVector further) {
        return new Point(epoch, generation, further, 0);
    }

    Point atPage(int number) {
        return new Point(epoch, generation, VersionVector.EMPTY, number);
    }

    Point nextGeneration() {
        return new Point(epoch, generation + 1, VersionVector.EMPTY, 0);
    }

    Cursor cursor() {
        Encoder out = Encoder.form(FORM).fixed(epoch).number(generation).number(page);
        read.write(out);
        return seal(out.toBytes());
    }

    /** The point of a cursor, if something goes on from it in a space as it is. */
    static Optional<Point> parse(Cursor cursor, Control control) {
        return read(cursor).filter(point -> point.isIn(control));
    }

    private boolean isIn(Control control) {
        boolean readable = epoch == control.epoch() && generation >= control.oldest();
        return generation < control.generation()
                ? readable
                : readable
                        && generation == control.generation()
                        && page == 0
                        && read.size() <= control.logs().size();
    }

    /** How far a cursor goes in a space as it is. */
    static CursorState state(Cursor cursor, Control control) {
        Optional<Point> point = read(cursor);
        if (point.isEmpty() || !control.alive()) {
            return CursorState.EXPIRED;
        }
        if (point.get().isIn(control)) {
            return point.get().generation >= control.fence() ? CursorState.CURRENT : CursorState.BEFORE_PURGE;
        }
        boolean former = control.formerEpoch() != 0
                && point.get().epoch == control.formerEpoch()
                && point.get().generation >= control.formerFence();
        return former ? CursorState.BEFORE_RENEWAL : CursorState.EXPIRED;
    }

    private static Optional<Point> read(Cursor cursor) {
        return unseal(cursor).flatMap(bytes -> {
            try {
                Decoder in = Decoder.form(FORM, bytes);
                long epoch = in.fixed();
                long generation = in.number();
                int page = (int) in.number();
                Point point = new Point(epoch, generation, VersionVector.read(in), page);
                return in.hasMore() ? Optional.empty() : Optional.of(point);
            } catch (MalformedException | BufferUnderflowException e) {
                return Optional.empty(); // of another form, though its check is right
            }
        });
    }

    /** Bytes as a cursor, with a check, so that one that was cut off or changed is none. */
    static Cursor seal(byte[] bytes) {
        byte[] checked = ByteBuffer.allocate(bytes.length + CHECK_BYTES)
                .put(bytes)
                .putInt(check(bytes))
                .array();
        return new Cursor(Base64.getUrlEncoder().withoutPadding().encodeToString(checked));
    }

    static Optional<byte[]> unseal(Cursor cursor) {
        byte[] checked;
        try {
            checked = Base64.getUrlDecoder().decode(cursor.text());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (checked.length <= CHECK_BYTES) {
            return Optional.empty();
        }
        byte[] bytes = Arrays.copyOf(checked, checked.length - CHECK_BYTES);
        boolean intact = ByteBuffer.wrap(checked).getInt(bytes.length) == check(bytes)
                && seal(bytes).equals(cursor);
        return intact ? Optional.of(bytes) : Optional.empty();
    }

    private static int check(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    static StoreException expired(Cursor cursor) {
        return new StoreException(
                StoreException.Kind.CURSOR_EXPIRED, "not a cursor of this space as it is now: " + cursor);
    }
}
