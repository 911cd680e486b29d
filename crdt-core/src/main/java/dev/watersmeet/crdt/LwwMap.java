package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A last-writer-wins map that stands alone: an {@link LwwRegister} at each key.
 *
 * <p>Merging is pointwise the maximum by stamp, as for the registers of a document (M-14). A key that was removed leaves the stamp of its removal, for as long as the state lives. Shapiro,
 * Preguiça, Baquero and Zawirski, "A comprehensive study of Convergent and Commutative Replicated Data Types" (2011).
 *
 * <p>Writing and reading take constant time, and merging a delta takes time in proportion to the delta alone. Mutable and not thread-safe.
 *
 * @param <K> the keys, told apart by {@code equals}
 * @param <V> the values
 */
public final class LwwMap<K, V> implements Replicated<LwwMap.Delta<K, V>> {
    private final HybridLogicalClock clock;
    private final Map<K, Assignment<V>> latest = new HashMap<>();
    private int size;

    private LwwMap(HybridLogicalClock clock) {
        this.clock = requireNonNull(clock);
    }

    /** An empty map of the clock's replica. */
    public static <K, V> LwwMap<K, V> of(HybridLogicalClock clock) {
        return new LwwMap<>(clock);
    }

    /** A map that begins with a snapshot: one that was stored, or that of another replica. */
    public static <K, V> LwwMap<K, V> of(HybridLogicalClock clock, Delta<K, V> snapshot) {
        LwwMap<K, V> map = new LwwMap<>(clock);
        map.merge(snapshot);
        return map;
    }

    /** Assigns a value to a key. */
    public Delta<K, V> put(K key, V value) {
        return assign(requireNonNull(key), requireNonNull(value));
    }

    /** Removes a key. The delta is empty if the key is absent. */
    public Delta<K, V> remove(K key) {
        return containsKey(key) ? assign(key, null) : Delta.empty();
    }

    private Delta<K, V> assign(K key, @Nullable V value) {
        Assignment<V> assignment = new Assignment<>(clock.tick(), value);
        count(latest.put(key, assignment), assignment);
        return new Delta<>(Map.of(key, assignment));
    }

    /** The value of a key, if it is present. */
    public Optional<V> get(K key) {
        Assignment<V> assignment = latest.get(requireNonNull(key));
        return assignment == null ? Optional.empty() : Optional.ofNullable(assignment.value());
    }

    /** Whether a key is present. */
    public boolean containsKey(K key) {
        Assignment<V> assignment = latest.get(requireNonNull(key));
        return assignment != null && assignment.value() != null;
    }

    /** The number of keys that are present. */
    public int size() {
        return size;
    }

    /** Whether no key is present. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** The keys that are present and their values, in no particular order. An immutable copy. */
    public Map<K, V> entries() {
        return entries(latest);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if one stamp names two values; then a part of the delta is merged
     */
    @Override
    public boolean merge(Delta<K, V> delta) {
        return merge(delta.assignments);
    }

    /** Merges all that another replica has, as if it were its {@link #snapshot()}. */
    public boolean merge(LwwMap<K, V> other) {
        return merge(other.latest);
    }

    private boolean merge(Map<K, Assignment<V>> others) {
        boolean changed = false;
        for (Map.Entry<K, Assignment<V>> entry : others.entrySet()) {
            clock.observe(entry.getValue().stamp());
            changed |= join(entry.getKey(), entry.getValue());
        }
        return changed;
    }

    @SuppressWarnings("ReferenceEquality") // an assignment that stands is the very same
    private boolean join(K key, Assignment<V> theirs) {
        Assignment<V> before = latest.putIfAbsent(key, theirs);
        Assignment<V> after = before == null ? theirs : before.join(theirs);
        if (before != null && after != before) {
            latest.put(key, after);
        }
        count(before, after);
        return after != before;
    }

    private void count(@Nullable Assignment<V> before, Assignment<V> after) {
        size += (after.value() != null ? 1 : 0) - (before != null && before.value() != null ? 1 : 0);
    }

    @Override
    public Delta<K, V> snapshot() {
        return new Delta<>(new HashMap<>(latest));
    }

    /** The entries, as {@link #entries()} has them. */
    @Override
    public String toString() {
        return entries().toString();
    }

    private static <K, V> Map<K, V> entries(Map<K, Assignment<V>> assignments) {
        Map<K, V> entries = new HashMap<>();
        assignments.forEach((key, assignment) -> {
            V value = assignment.value();
            if (value != null) {
                entries.put(key, value);
            }
        });
        return Collections.unmodifiableMap(entries);
    }

    /**
     * What changes did to a map, or all of a map: an immutable value to hand around.
     *
     * @param <K> the keys
     * @param <V> the values
     */
    public static final class Delta<K, V> {
        private static final Delta<?, ?> EMPTY = new Delta<>(Map.of());

        private final Map<K, Assignment<V>> assignments; // never changed from here on

        private Delta(Map<K, Assignment<V>> assignments) {
            this.assignments = assignments;
        }

        /** The delta of no change. */
        @SuppressWarnings("unchecked") // holds no key and no value
        public static <K, V> Delta<K, V> empty() {
            return (Delta<K, V>) EMPTY;
        }

        /** The delta of the given assignments, for instance of those that were stored or received. */
        public static <K, V> Delta<K, V> of(Map<K, Assignment<V>> assignments) {
            return new Delta<>(Map.copyOf(assignments));
        }

        /** All that the delta holds, to be stored or sent: removals, too. Unmodifiable. */
        public Map<K, Assignment<V>> assignments() {
            return Collections.unmodifiableMap(assignments);
        }

        /** The keys that are present by this delta alone and their values, in no particular order. */
        public Map<K, V> entries() {
            return LwwMap.entries(assignments);
        }

        /** Whether this holds nothing. */
        public boolean isEmpty() {
            return assignments.isEmpty();
        }

        /**
         * Both deltas as one: for each key the later assignment. Commutative, associative and idempotent.
         *
         * @throws IllegalArgumentException if one stamp names two values
         */
        public Delta<K, V> join(Delta<K, V> other) {
            Map<K, Assignment<V>> joined = new HashMap<>(assignments);
            other.assignments.forEach((key, theirs) -> joined.merge(key, theirs, Assignment::join));
            return new Delta<>(joined);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Delta<?, ?> delta && assignments.equals(delta.assignments);
        }

        @Override
        public int hashCode() {
            return assignments.hashCode();
        }

        @Override
        public String toString() {
            return assignments.toString();
        }
    }
}
