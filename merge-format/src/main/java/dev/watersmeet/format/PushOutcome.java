package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What became of the last accepted push of a replica: what a client settles by (P-5, P-6).
 *
 * @param number the push's number
 * @param nonce the push's nonce
 * @param rejected its documents that were refused; all others are accepted
 */
public record PushOutcome(long number, String nonce, List<Rejection> rejected) {
    public PushOutcome {
        requireNonNull(nonce);
        rejected = List.copyOf(rejected);
    }
}
