package dev.watersmeet.format;

import java.util.Arrays;

/** Bytes while they are written one after the other. Not thread-safe. */
final class Octets {
    private static final int MAX_LENGTH = Integer.MAX_VALUE - 8; // what virtual machines can allocate

    private byte[] bytes;
    private int size;

    /** No bytes, with room for some. */
    Octets(int capacity) {
        bytes = new byte[capacity];
    }

    private int grow(int by) {
        int from = size;
        size = Math.addExact(size, by);
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, (int) Math.min(2L * bytes.length, MAX_LENGTH)));
        }
        return from;
    }

    void put(int octet) {
        int at = grow(1);
        bytes[at] = (byte) octet;
    }

    void put(byte[] octets) {
        put(octets, octets.length);
    }

    void put(Octets octets) {
        put(octets.bytes, octets.size);
    }

    private void put(byte[] octets, int length) {
        int at = grow(length);
        System.arraycopy(octets, 0, bytes, at, length);
    }

    int size() {
        return size;
    }

    /** The byte that was written last; there is one. */
    int last() {
        return bytes[size - 1];
    }

    /** Takes the byte back that was written last. */
    void takeBack() {
        size--;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
