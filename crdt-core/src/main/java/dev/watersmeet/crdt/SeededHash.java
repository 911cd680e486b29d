package dev.watersmeet.crdt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Hashes of bytes that nobody outside this process can foresee: who sends paths must not be able to choose them so that they all fall into one place of a table.
 *
 * <p>Eight bytes at a time are multiplied into 128 bits whose halves are folded, as in wyhash by Wang Yi; not for cryptography.
 */
final class SeededHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SEED = new SecureRandom().nextLong();
    private static final long KEY = new SecureRandom().nextLong() | 1;

    private SeededHash() {}

    /** The hash of bytes and of a small number beside them. */
    static int of(byte[] bytes, int beside) {
        long hash = SEED ^ (((long) bytes.length << Byte.SIZE) | beside);
        int at = 0;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            hash = mixed(hash ^ (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; at < bytes.length; at++) {
            rest = (rest << Byte.SIZE) | (bytes[at] & 0xff);
        }
        hash = mixed(hash ^ rest);
        return (int) (hash ^ (hash >>> Integer.SIZE));
    }

    private static long mixed(long word) {
        return Math.multiplyHigh(word, KEY) ^ (word * KEY);
    }
}
