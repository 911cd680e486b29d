package dev.watersmeet.crdt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Hashes that nobody outside this process can foresee: who sends paths and elements must not be able to choose them so that they all fall into one place of a table.
 *
 * <p>SipHash-1-3 with a key of this process. Jean-Philippe Aumasson and Daniel J. Bernstein, "SipHash: a fast short-input PRF" (INDOCRYPT 2012).
 */
final class SipHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long KEY_0 = new SecureRandom().nextLong();
    private static final long KEY_1 = new SecureRandom().nextLong();

    private long v0 = KEY_0 ^ 0x736f6d6570736575L; // the four are "somepseudorandomlygeneratedbytes"
    private long v1 = KEY_1 ^ 0x646f72616e646f6dL;
    private long v2 = KEY_0 ^ 0x6c7967656e657261L;
    private long v3 = KEY_1 ^ 0x7465646279746573L;

    private SipHash() {}

    /** The hash of bytes, and of a character that is no part of them. */
    static int of(byte[] bytes, char beside) {
        SipHash hash = new SipHash();
        int at = 0;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            hash.word((long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; at < bytes.length; at++) {
            rest = (rest << Byte.SIZE) | (bytes[at] & 0xff);
        }
        hash.word(rest);
        return hash.end(((long) bytes.length << Character.SIZE) | beside);
    }

    /** The hash of a text. */
    static int of(String text) {
        SipHash hash = new SipHash();
        int length = text.length();
        int at = 0;
        for (; at + 4 <= length; at += 4) {
            hash.word(text.charAt(at)
                    | ((long) text.charAt(at + 1) << 16)
                    | ((long) text.charAt(at + 2) << 32)
                    | ((long) text.charAt(at + 3) << 48));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = (rest << Character.SIZE) | text.charAt(at);
        }
        hash.word(rest);
        return hash.end(length);
    }

    private void word(long word) {
        v3 ^= word;
        round();
        v0 ^= word;
    }

    private int end(long last) {
        word(last);
        v2 ^= 0xff;
        round();
        round();
        round();
        long hash = v0 ^ v1 ^ v2 ^ v3;
        return (int) (hash ^ (hash >>> Integer.SIZE));
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
