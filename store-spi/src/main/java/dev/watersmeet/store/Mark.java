package dev.watersmeet.store;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.ReplicaId;

/**
 * The last push that was accepted from a replica: written with its cells, in one step (P-5).
 *
 * @param replica the replica
 * @param principal to whom the replica belongs (P-10)
 * @param number the push's number
 * @param nonce the push's nonce
 * @param outcome what was answered, in the engine's own form
 */
public record Mark(ReplicaId replica, String principal, long number, String nonce, String outcome) {
    public Mark {
        requireNonNull(replica);
        requireNonNull(principal);
        requireNonNull(nonce);
        requireNonNull(outcome);
        if (number < 1) {
            throw new IllegalArgumentException("pushes are numbered from 1: " + number);
        }
    }
}
