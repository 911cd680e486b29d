package dev.watersmeet.store;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The mark that a replica is expected to have, by who wants to replace it (S-24).
 *
 * @param number the number of the push; 0 if the replica is expected to have no mark
 * @param nonce the nonce of the push; empty if there is none
 */
public record FormerMark(long number, String nonce) {
    /** No mark: the replica has not pushed. */
    public static final FormerMark NONE = new FormerMark(0, "");

    public FormerMark {
        requireNonNull(nonce);
        if (number < 0 || (number == 0 && !nonce.isEmpty())) {
            throw new IllegalArgumentException("pushes are numbered from 1, and 0 has no nonce: " + number);
        }
    }

    /** What tells this mark from the others that a replica has had. */
    public static FormerMark of(Mark mark) {
        return new FormerMark(mark.number(), mark.nonce());
    }

    /** The mark that a replica has, or has not. */
    public static FormerMark of(Optional<Mark> mark) {
        return mark.map(FormerMark::of).orElse(NONE);
    }

    @Override
    public String toString() {
        return number == 0 ? "none" : number + " " + nonce;
    }
}
