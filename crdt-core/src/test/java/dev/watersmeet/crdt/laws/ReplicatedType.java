package dev.watersmeet.crdt.laws;

import dev.watersmeet.crdt.HybridLogicalClock;

/**
 * A replicated type as the contracts use it: mutable replicas that exchange immutable deltas, as those of {@link dev.watersmeet.crdt.Replicated} do.
 *
 * @param <T> the replicas
 * @param <D> the deltas and snapshots
 */
public interface ReplicatedType<T, D> {
    /** A replica that knows of no change; the clock gives it its id and its stamps. */
    T create(HybridLogicalClock clock);

    /** Merges a delta or a snapshot, and tells whether the replica has changed. */
    boolean merge(T replica, D delta);

    /** Merges all that another replica has, and tells whether the replica has changed. */
    default boolean mergeAll(T replica, T other) {
        return merge(replica, snapshot(other));
    }

    /** All that a replica has, as one delta. */
    D snapshot(T replica);
}
