package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A value and when and by whom it was assigned: the state and the delta of an {@link LwwRegister}, what an {@link LwwMap} holds at a key and a
 * {@link MultiRegister} for each replica. Immutable.
 *
 * @param stamp when and by whom
 * @param value the value; null if it was taken away or, in a multi-value register, superseded
 * @param <V> the values
 */
public record Assignment<V>(Stamp stamp, @Nullable V value) {
    private static final Assignment<?> NONE = new Assignment<>(new Stamp(0, new ReplicaId(0)), null);

    public Assignment {
        requireNonNull(stamp);
    }

    /** What stands before anything was assigned: below everything that a clock issues. */
    @SuppressWarnings("unchecked") // holds no value
    public static <V> Assignment<V> none() {
        return (Assignment<V>) NONE;
    }

    /**
     * The later of two assignments (M-8): commutative, associative and idempotent. Of one stamp, taking away is above a value.
     *
     * @return this very object if the other is not later
     * @throws IllegalArgumentException if one stamp names two values, which a stamp never does unless two replicas used one id
     */
    public Assignment<V> join(Assignment<V> other) {
        int order = stamp.compareTo(other.stamp);
        if (order != 0 || value == null || other.value == null) {
            return order > 0 || (order == 0 && value == null) || equals(other) ? this : other;
        }
        if (!value.equals(other.value)) {
            throw ambiguous(stamp, value, other.value);
        }
        return this;
    }

    static IllegalArgumentException ambiguous(Stamp stamp, Object one, Object other) {
        return new IllegalArgumentException("the stamp " + stamp + " names two assignments: " + one + " and " + other);
    }
}
