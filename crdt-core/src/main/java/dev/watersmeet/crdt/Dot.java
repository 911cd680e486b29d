package dev.watersmeet.crdt;

/**
 * The latest addition of an element of an {@link OrSet} by one replica.
 *
 * @param time of the addition's stamp
 * @param replica of the addition's stamp
 * @param removed whether it was seen and removed
 */
record Dot(long time, ReplicaId replica, boolean removed) {
    Stamp stamp() {
        return new Stamp(time, replica);
    }

    Dot asRemoved() {
        return new Dot(time, replica, true);
    }

    /** Whether this wins over another dot of the same replica (M-8). */
    boolean wins(Dot other) {
        int order = Long.compareUnsigned(time, other.time);
        return order > 0 || (order == 0 && removed && !other.removed);
    }
}
