package dev.watersmeet.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A column of a batch, or what is around it, while it is written (M-28). */
final class ColumnWriter {
    private byte[] bytes = new byte[64];
    private int size;

    private int grow(int by) {
        int from = size;
        size = Math.addExact(size, by);
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
        return from;
    }

    void octet(int octet) {
        int at = grow(1);
        bytes[at] = (byte) octet;
    }

    void integer(long value) {
        long rest = value;
        for (; rest >= 0x80; rest >>>= 7) {
            octet((int) (rest & 0x7f) + 0x80);
        }
        octet((int) rest);
    }

    void signed(long value) {
        integer(value << 1 ^ value >> 63);
    }

    void bits(long bits) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            octet((int) (bits >>> shift));
        }
    }

    /** Writes the length of a text into one column, and its bytes into this one. */
    void text(String text, ColumnWriter lengths) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        lengths.integer(utf8.length);
        raw(utf8, utf8.length);
    }

    /** Writes a text after its length. */
    void text(String text) {
        text(text, this);
    }

    /** Writes bytes after their number. */
    void part(byte[] part) {
        integer(part.length);
        raw(part, part.length);
    }

    /** Writes a column after its length. */
    void part(ColumnWriter part) {
        integer(part.size);
        raw(part.bytes, part.size);
    }

    private void raw(byte[] part, int length) {
        int at = grow(length);
        System.arraycopy(part, 0, bytes, at, length);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
