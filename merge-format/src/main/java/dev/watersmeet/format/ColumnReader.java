package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A part of a message in bytes while it is read: a column of a batch, or what is around it (M-28).
 *
 * <p>It never allocates what the bytes only announce: a length is checked against the bytes that are there. Not thread-safe.
 */
final class ColumnReader {
    /** The greatest integer: the greatest that is safe in ECMAScript. */
    static final long MAX_INTEGER = (1L << 53) - 1;

    private static final int LAST_SHIFT = 49; // of the eighth byte

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final String name;
    private int at;

    private ColumnReader(byte[] bytes, int start, int end, String name) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.name = name;
        this.at = start;
    }

    /** A reader of all the bytes. */
    static ColumnReader of(byte[] bytes, String name) {
        return new ColumnReader(bytes, 0, bytes.length, name);
    }

    /** Takes a part that is preceded by its length in bytes. */
    ColumnReader part(String partName) {
        int length = length();
        int from = skip(length);
        return new ColumnReader(bytes, from, from + length, partName);
    }

    boolean atEnd() {
        return at == end;
    }

    /** How many bytes are left. */
    int left() {
        return end - at;
    }

    /** How many parts are left, each of them preceded by its length. None is passed by. */
    int parts() {
        ColumnReader rest = new ColumnReader(bytes, start, end, name);
        rest.at = at;
        int parts = 0;
        while (!rest.atEnd()) {
            rest.skip(rest.length());
            parts++;
        }
        return parts;
    }

    /** Checks that all has been read. */
    void end() {
        if (at != end) {
            throw malformed((end - at) + " bytes are left over");
        }
    }

    int octet() {
        if (at == end) {
            throw malformed("it ends too early");
        }
        return bytes[at++] & 0xff;
    }

    /** An unsigned integer: seven bits a byte, the lowest first, in as few bytes as it needs. */
    long integer() {
        int first = octet();
        return first < 0x80 ? first : integer(first);
    }

    private long integer(int first) {
        long value = first & 0x7f;
        for (int shift = 7; shift <= LAST_SHIFT; shift += 7) {
            int next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next == 0) {
                throw malformed("an integer takes more bytes than it needs");
            }
            if (next < 0x80) {
                if (value > MAX_INTEGER) {
                    break;
                }
                return value;
            }
        }
        throw malformed("an integer is above " + MAX_INTEGER);
    }

    /** A signed integer: zigzag. */
    long signed() {
        long zigzag = integer();
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    /** The place of an entry in a dictionary of a size. */
    int index(int size) {
        return index(integer(), size);
    }

    int index(long index, int size) {
        if (index >= size) {
            throw malformed("entry " + index + " of a dictionary of " + size);
        }
        return (int) index;
    }

    /** The length of a part that follows. */
    int length() {
        long length = integer();
        if (length > end - at) {
            throw malformed("it announces " + length + " bytes, but " + (end - at) + " are left");
        }
        return (int) length;
    }

    /** Passes bytes by, and answers where they begin. */
    int skip(long length) {
        if (length > end - at) {
            throw malformed("it ends too early: " + length + " bytes are asked for, " + (end - at) + " are left");
        }
        int from = at;
        at += (int) length;
        return from;
    }

    /** A text that is preceded by its length in bytes. */
    String text() {
        int length = length();
        return text(skip(length), length);
    }

    /** A text that is preceded by its length in bytes, which has an upper bound. */
    String text(int maxBytes) {
        int length = length();
        if (length > maxBytes) {
            throw malformed("a text has at most " + maxBytes + " bytes, not " + length);
        }
        return text(skip(length), length);
    }

    /** A text of bytes that have been passed by. */
    String text(int from, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("the bytes of a text are not UTF-8");
        }
    }

    /** Eight bytes, the highest first. */
    long bits() {
        return ByteBuffer.wrap(bytes).getLong(skip(Long.BYTES));
    }

    MalformedException malformed(String what) {
        return MalformedException.of("the " + name + ", at byte " + (at - start) + ": " + what);
    }
}
