package dev.watersmeet.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.ReplicaId;

/**
 * The last push that was accepted from a replica: written with its cells, in one step (P-5). Marks are joined, as cells are: the greater number stays (S-5).
 *
 * @param replica the replica
 * @param principal to whom the replica belongs (P-10), at most {@value #MAX_PRINCIPAL_LENGTH} characters
 * @param number the push's number
 * @param nonce the push's nonce, at most {@value #MAX_NONCE_LENGTH} characters
 * @param outcome what was answered, in the engine's own form
 */
public record Mark(ReplicaId replica, String principal, long number, String nonce, String outcome) {
    /** The longest name of a principal, in characters. */
    public static final int MAX_PRINCIPAL_LENGTH = 1024;

    /** The longest nonce, in characters. */
    public static final int MAX_NONCE_LENGTH = 64;

    public Mark {
        requireNonNull(replica);
        requireNonNull(principal);
        requireNonNull(nonce);
        requireNonNull(outcome);
        if (number < 1) {
            throw new IllegalArgumentException("pushes are numbered from 1: " + number);
        }
        requireAtMost(MAX_PRINCIPAL_LENGTH, "principal", principal);
        requireAtMost(MAX_NONCE_LENGTH, "nonce", nonce);
    }

    private static void requireAtMost(int length, String name, String text) {
        if (text.length() > length) {
            throw new IllegalArgumentException(
                    "a mark's " + name + " has at most " + length + " characters; found " + text.length());
        }
    }

    /** How many bytes the mark's texts have in UTF-8: what {@link Limits#markBytes} bounds. */
    public long bytes() {
        return (long) principal.getBytes(UTF_8).length + nonce.getBytes(UTF_8).length + outcome.getBytes(UTF_8).length;
    }

    /** Whether this stays if it meets the mark that a replica has: not unless its number is greater (S-5). */
    public boolean replaces(FormerMark held) {
        return number > held.number();
    }
}
