package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** The parts that stored forms are made of: numbers of variable length, and bytes behind their length. */
final class Bytes {
    private static final int MORE = 0x80;
    private static final int DIGIT = 0x7f;
    private static final int DIGIT_BITS = 7;

    private Bytes() {}

    static void putNumber(ByteArrayOutputStream out, long number) {
        long rest = number;
        while ((rest & ~DIGIT) != 0) {
            out.write((int) (rest & DIGIT) | MORE);
            rest >>>= DIGIT_BITS;
        }
        out.write((int) rest);
    }

    static void put(ByteArrayOutputStream out, byte[] bytes) {
        putNumber(out, bytes.length);
        out.writeBytes(bytes);
    }

    static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
            byte digit = in.get();
            number |= (long) (digit & DIGIT) << shift;
            if (digit >= 0) {
                return number;
            }
        }
        throw MalformedException.of("a number has at most " + Long.SIZE + " bits");
    }

    static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[length(in)];
        in.get(bytes);
        return bytes;
    }

    /** Leaves bytes out, and tells how many. */
    static int skip(ByteBuffer in) {
        int length = length(in);
        in.position(in.position() + length);
        return length;
    }

    private static int length(ByteBuffer in) {
        long length = number(in);
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) length;
    }

    static String text(ByteBuffer in) {
        return new String(bytes(in), UTF_8);
    }

    /** Takes the first byte, which tells the form of what follows. */
    static void expectForm(ByteBuffer in, int form) {
        int found = in.get();
        if (found != form) {
            throw MalformedException.of("what is stored has form " + form + ", not " + found);
        }
    }
}
