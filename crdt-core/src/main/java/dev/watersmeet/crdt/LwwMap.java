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
 * @param <K> the keys, told apart by {@code equals}; of classes but {@code String} with a {@code hashCode} that spreads
 * @param <V> the values
 */
public final class LwwMap<K, V> implements Replicated<LwwMap.Delta<K, V>> {
    private final HybridLogicalClock clock;
    private final StampTable<K> latest;
    private int size;

    private LwwMap(HybridLogicalClock clock, StampTable<K> latest) {
        this.clock = requireNonNull(clock);
        this.latest = latest;
    }

    /** An empty map of the clock's replica. */
    public static <K, V> LwwMap<K, V> of(HybridLogicalClock clock) {
        return new LwwMap<>(clock, new StampTable<>(0));
    }

    /** A map that begins with a snapshot: one that was stored, or that of another replica. */
    public static <K, V> LwwMap<K, V> of(HybridLogicalClock clock, Delta<K, V> snapshot) {
        LwwMap<K, V> map = of(clock);
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
        int hash = StampTable.hashOf(key);
        long time = clock.tickTime();
        int entry = latest.find(key, hash);
        if (entry < 0) {
            latest.add(key, hash, time, clock.replica(), value);
        } else {
            size -= presence(latest.content(entry));
            latest.set(entry, time, clock.replica(), value);
        }
        size += presence(value);
        return new Delta<>(new StampTable<>(key, hash, time, clock.replica(), value));
    }

    private static int presence(@Nullable Object value) {
        return value == null ? 0 : 1;
    }

    /** The value of a key, if it is present. */
    public Optional<V> get(K key) {
        return Optional.ofNullable(value(key));
    }

    /** Whether a key is present. */
    public boolean containsKey(K key) {
        return value(key) != null;
    }

    @SuppressWarnings("unchecked") // an entry holds a value, or null if it was removed
    private @Nullable V value(K key) {
        int entry = latest.find(key, StampTable.hashOf(key));
        return entry < 0 ? null : (V) latest.content(entry);
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
        return new Delta<K, V>(latest).entries();
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

    private boolean merge(StampTable<K> theirs) {
        clock.observeTime(theirs.latestTime());
        boolean changed = false;
        for (int i = 0; i < theirs.size(); i++) {
            int entry = latest.find(theirs.key(i), theirs.hash(i));
            int present = entry < 0 ? 0 : presence(latest.content(entry));
            if (join(latest, entry, theirs, i)) {
                size += presence(theirs.content(i)) - present;
                changed = true;
            }
        }
        return changed;
    }

    /** Joins one entry of another table: for each key the later assignment, of one stamp the removal. */
    private static <K> boolean join(StampTable<K> mine, int entry, StampTable<K> theirs, int other) {
        if (entry < 0) {
            mine.addFrom(theirs, other);
            return true;
        }
        int order = mine.compareStamp(entry, theirs.time(other), theirs.replica(other));
        if (order > 0 || (order == 0 && stands(mine, entry, theirs.content(other)))) {
            return false;
        }
        mine.set(entry, theirs.time(other), theirs.replica(other), theirs.content(other));
        return true;
    }

    /** Whether what one stamp names stands already. */
    private static boolean stands(StampTable<?> mine, int entry, @Nullable Object theirs) {
        Object value = mine.content(entry);
        if (value != null && theirs != null && !value.equals(theirs)) {
            throw Assignment.ambiguous(mine.stamp(entry), value, theirs);
        }
        return value == null || theirs != null;
    }

    @Override
    public Delta<K, V> snapshot() {
        return new Delta<>(latest.copy());
    }

    /** The entries, as {@link #entries()} has them. */
    @Override
    public String toString() {
        return entries().toString();
    }

    /**
     * What changes did to a map, or all of a map: an immutable value to hand around.
     *
     * @param <K> the keys
     * @param <V> the values
     */
    public static final class Delta<K, V> {
        private static final Delta<?, ?> EMPTY = new Delta<>(new StampTable<>(0));

        private final StampTable<K> assignments; // never changed from here on

        private Delta(StampTable<K> assignments) {
            this.assignments = assignments;
        }

        /** The delta of no change. */
        @SuppressWarnings("unchecked") // holds no key and no value
        public static <K, V> Delta<K, V> empty() {
            return (Delta<K, V>) EMPTY;
        }

        /** The delta of the given assignments, for instance of those that were stored or received. */
        public static <K, V> Delta<K, V> of(Map<K, Assignment<V>> assignments) {
            StampTable<K> table = new StampTable<>(assignments.size());
            assignments.forEach((key, assignment) -> {
                int hash = StampTable.hashOf(requireNonNull(key));
                Stamp stamp = assignment.stamp();
                StampTable<K> one = new StampTable<>(key, hash, stamp.time(), stamp.replica(), assignment.value());
                LwwMap.join(table, table.find(key, hash), one, 0);
            });
            return new Delta<>(table);
        }

        /** All that the delta holds, to be stored or sent: removals, too. An immutable copy. */
        public Map<K, Assignment<V>> assignments() {
            Map<K, Assignment<V>> copy = new HashMap<>();
            for (int i = 0; i < assignments.size(); i++) {
                copy.put(assignments.key(i), new Assignment<>(assignments.stamp(i), value(i)));
            }
            return Collections.unmodifiableMap(copy);
        }

        @SuppressWarnings("unchecked") // an entry holds a value, or null if it was removed
        private @Nullable V value(int entry) {
            return (V) assignments.content(entry);
        }

        /** The keys that are present by this delta alone and their values, in no particular order. */
        public Map<K, V> entries() {
            Map<K, V> entries = new HashMap<>();
            for (int i = 0; i < assignments.size(); i++) {
                V value = value(i);
                if (value != null) {
                    entries.put(assignments.key(i), value);
                }
            }
            return Collections.unmodifiableMap(entries);
        }

        /** Whether this holds nothing. */
        public boolean isEmpty() {
            return assignments.size() == 0;
        }

        /**
         * Both deltas as one: for each key the later assignment. Commutative, associative and idempotent.
         *
         * @throws IllegalArgumentException if one stamp names two values
         */
        public Delta<K, V> join(Delta<K, V> other) {
            StampTable<K> joined = assignments.copy();
            StampTable<K> theirs = other.assignments;
            for (int i = 0; i < theirs.size(); i++) {
                LwwMap.join(joined, joined.find(theirs.key(i), theirs.hash(i)), theirs, i);
            }
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
            return assignments().toString();
        }
    }
}
