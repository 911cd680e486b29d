package dev.watersmeet.crdt;

import dev.watersmeet.crdt.laws.ReplicatedType;

/** A {@link Replicated} type, as the contracts use it. */
interface ReplicatedTypeAlone<T extends Replicated<D>, D> extends ReplicatedType<T, D> {
    @Override
    default boolean merge(T replica, D delta) {
        return replica.merge(delta);
    }

    @Override
    default D snapshot(T replica) {
        return replica.snapshot();
    }
}
