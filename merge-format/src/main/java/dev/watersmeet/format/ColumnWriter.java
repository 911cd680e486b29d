package dev.watersmeet.format;

import java.nio.charset.StandardCharsets;

/** A column of a batch, or what is around it, while it is written (M-28). */
final class ColumnWriter {
    private final Octets octets = new Octets(64);

    void octet(int octet) {
        octets.put(octet);
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
        octets.put(utf8);
    }

    /** Writes a text after its length. */
    void text(String text) {
        text(text, this);
    }

    /** Writes bytes after their number. */
    void part(byte[] part) {
        integer(part.length);
        octets.put(part);
    }

    /** Writes a column after its length. */
    void part(ColumnWriter part) {
        integer(part.octets.size());
        octets.put(part.octets);
    }

    byte[] toBytes() {
        return octets.toBytes();
    }
}
