package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

/**
 * When and by whom an edit was made: a hybrid logical clock reading and the replica that issued it (M-2). A stamp names one edit (M-3).
 *
 * <p>Stamps are compared as unsigned 128-bit numbers; the order of their texts, 26 characters of Crockford's base32, is the same.
 *
 * @param time 48 bits of Unix milliseconds, then a 16-bit counter; unsigned
 * @param replica the replica that issued the stamp
 */
public record Stamp(long time, ReplicaId replica) implements Comparable<Stamp> {
    /** The greatest number of Unix milliseconds that a stamp can hold. */
    public static final long MAX_MILLIS = (1L << 48) - 1;

    /** The greatest counter within a millisecond. */
    public static final int MAX_COUNTER = (1 << 16) - 1;

    private static final int DIGITS = 26;
    private static final int GREATEST_FIRST_DIGIT = 7;

    public Stamp {
        requireNonNull(replica);
    }

    /**
     * A stamp of the given reading.
     *
     * @throws IllegalArgumentException if the milliseconds or the counter are out of range
     */
    public static Stamp of(long millis, int counter, ReplicaId replica) {
        if (millis < 0 || millis > MAX_MILLIS || counter < 0 || counter > MAX_COUNTER) {
            throw new IllegalArgumentException("not a clock reading: " + millis + " ms, counter " + counter);
        }
        return new Stamp(millis << 16 | counter, replica);
    }

    /**
     * Parses the text of a stamp.
     *
     * @throws MalformedException if the text is not 26 digits of the alphabet that hold 128 bits
     */
    public static Stamp parse(String text) {
        if (!Base32.matches(text, DIGITS, GREATEST_FIRST_DIGIT)) {
            throw MalformedException.of("a stamp is 26 characters of Crockford base32 that hold 128 bits", text);
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < DIGITS; i++) {
            high = high << 5 | low >>> 59;
            low = low << 5 | Base32.digit(text, i);
        }
        return new Stamp(high, new ReplicaId(low));
    }

    /** Unix milliseconds. */
    public long millis() {
        return time >>> 16;
    }

    /** The counter within the millisecond, 0 to {@value #MAX_COUNTER}. */
    public int counter() {
        return (int) time & MAX_COUNTER;
    }

    /** Whether this stamp is greater than another. */
    public boolean isAfter(Stamp other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Stamp other) {
        int order = Long.compareUnsigned(time, other.time);
        return order != 0 ? order : replica.compareTo(other.replica);
    }

    @Override
    public String toString() {
        return Base32.format(time, replica.bits(), DIGITS);
    }
}
