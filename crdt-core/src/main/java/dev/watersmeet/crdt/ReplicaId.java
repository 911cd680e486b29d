package dev.watersmeet.crdt;

import java.util.random.RandomGenerator;

/**
 * The id of one writer: 64 random bits, compared as an unsigned number, printed as 13 characters of Crockford's base32 (M-1).
 *
 * @param bits the id
 */
public record ReplicaId(long bits) implements Comparable<ReplicaId> {
    private static final int DIGITS = 13;

    /** A new id from a source of randomness, which should be a secure one outside of tests. */
    public static ReplicaId random(RandomGenerator random) {
        return new ReplicaId(random.nextLong());
    }

    /**
     * Parses the text of an id.
     *
     * @throws MalformedException if the text is not 13 digits of the alphabet
     */
    public static ReplicaId parse(String text) {
        if (!Base32.matches(text, DIGITS, Base32.GREATEST_FIRST_OF_64_BITS)) {
            throw MalformedException.of("a replica id is 13 characters of Crockford base32 that hold 64 bits", text);
        }
        return new ReplicaId(Base32.parse(text));
    }

    @Override
    public int compareTo(ReplicaId other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return Base32.format(0, bits, DIGITS);
    }
}
