package dev.watersmeet.store;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What a store can do, and how much at once: the same as long as the store is open (S-14).
 *
 * @param claimed what it can do beyond the contract
 * @param limits how large a part of what it is handed may be
 */
public record Capabilities(Set<Capability> claimed, Limits limits) {
    public Capabilities {
        claimed = Set.copyOf(claimed);
        requireNonNull(limits);
    }

    /** Whether a store claims a capability. */
    public boolean has(Capability capability) {
        return claimed.contains(capability);
    }
}
