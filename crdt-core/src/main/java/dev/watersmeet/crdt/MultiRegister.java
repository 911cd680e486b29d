package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A multi-value register that stands alone: of concurrent assignments all values stay, until an assignment that has seen them takes their place.
 *
 * <p>The semantics are those of a multi inside a document (M-23). The state is the latest {@link Assignment} of each replica, with its value while nobody who had seen it assigned another one;
 * merging is for each replica the later assignment, of one stamp that without a value. A stamp for each replica says what the version vectors of the textbook's register say, and takes
 * as little room: Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of Convergent and Commutative Replicated Data Types" (2011).
 *
 * <p>Reading, assigning and merging take time in proportion to the number of replicas that have ever assigned, and so does the room that state and deltas take: it does not grow with the
 * number of assignments. Mutable and not thread-safe.
 *
 * @param <V> the values, told apart by {@code equals}
 */
public final class MultiRegister<V> implements Replicated<MultiRegister.Delta<V>> {
    private final HybridLogicalClock clock;
    private final Map<ReplicaId, Assignment<V>> latest = new HashMap<>();

    private MultiRegister(HybridLogicalClock clock) {
        this.clock = requireNonNull(clock);
    }

    /** A register of the clock's replica that holds nothing. */
    public static <V> MultiRegister<V> of(HybridLogicalClock clock) {
        return new MultiRegister<>(clock);
    }

    /** A register that begins with a snapshot: one that was stored, or that of another replica. */
    public static <V> MultiRegister<V> of(HybridLogicalClock clock, Delta<V> snapshot) {
        MultiRegister<V> register = new MultiRegister<>(clock);
        register.merge(snapshot);
        return register;
    }

    /** Assigns a value in the place of all that this replica has seen. The delta tells of what it has seen, too, so it is as large as a snapshot. */
    public Delta<V> assign(V value) {
        requireNonNull(value);
        supersede();
        latest.put(clock.replica(), new Assignment<>(clock.tick(), value));
        return snapshot();
    }

    /** Takes away all values that this replica has seen. The delta is empty if there are none. */
    public Delta<V> clear() {
        if (values().isEmpty()) {
            return Delta.empty();
        }
        supersede();
        return snapshot();
    }

    private void supersede() {
        latest.replaceAll((replica, assignment) -> new Assignment<>(assignment.stamp(), null));
    }

    /** The values in the order of their oldest assignments, which is the same at every replica: one, none, or those that were assigned concurrently. An immutable copy. */
    public Set<V> values() {
        return values(latest);
    }

    private static <V> Set<V> values(Map<ReplicaId, Assignment<V>> assignments) {
        Set<V> values = new LinkedHashSet<>();
        assignments.values().stream()
                .sorted(Comparator.comparing(Assignment::stamp))
                .map(Assignment::value)
                .forEach(value -> {
                    if (value != null) {
                        values.add(value);
                    }
                });
        return Collections.unmodifiableSet(values);
    }

    /** The value, if there is exactly one. */
    public Optional<V> value() {
        Set<V> values = values();
        return values.size() == 1 ? Optional.of(values.iterator().next()) : Optional.empty();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if one stamp names two values; then nothing is merged
     */
    @Override
    public boolean merge(Delta<V> delta) {
        return merge(delta.assignments);
    }

    /** Merges all that another replica has, as if it were its {@link #snapshot()}. */
    public boolean merge(MultiRegister<V> other) {
        return merge(other.latest);
    }

    private boolean merge(Map<ReplicaId, Assignment<V>> others) {
        Map<ReplicaId, Assignment<V>> news = new HashMap<>();
        others.forEach((replica, theirs) -> {
            Assignment<V> before = latest.get(replica);
            Assignment<V> after = before == null ? theirs : before.join(theirs);
            if (!after.equals(before)) {
                news.put(replica, after);
            }
        });
        news.values().forEach(assignment -> clock.observe(assignment.stamp()));
        latest.putAll(news);
        return !news.isEmpty();
    }

    @Override
    public Delta<V> snapshot() {
        return new Delta<>(Map.copyOf(latest));
    }

    /** The values, as {@link #values()} has them. */
    @Override
    public String toString() {
        return values().toString();
    }

    /**
     * What changes did to a register, or all of a register: an immutable value to hand around.
     *
     * <p>Two deltas are equal if they hold the same assignments.
     *
     * @param <V> the values
     */
    public static final class Delta<V> {
        private static final Delta<?> EMPTY = new Delta<>(Map.of());

        private final Map<ReplicaId, Assignment<V>> assignments;

        private Delta(Map<ReplicaId, Assignment<V>> assignments) {
            this.assignments = assignments;
        }

        /** The delta of no change. */
        @SuppressWarnings("unchecked") // holds no value
        public static <V> Delta<V> empty() {
            return (Delta<V>) EMPTY;
        }

        /**
         * The delta of the given assignments, for instance of those that were stored or received.
         *
         * @throws IllegalArgumentException if one stamp names two values
         */
        public static <V> Delta<V> of(Collection<Assignment<V>> assignments) {
            Map<ReplicaId, Assignment<V>> joined = new HashMap<>();
            assignments.forEach(assignment -> joined.merge(assignment.stamp().replica(), assignment, Assignment::join));
            return new Delta<>(joined);
        }

        /** All that the delta holds, to be stored or sent: the latest assignment of each replica, without its value if it was superseded; in no particular order. */
        public List<Assignment<V>> assignments() {
            return List.copyOf(assignments.values());
        }

        /** The values by this delta alone, in the order of their oldest assignments. */
        public Set<V> values() {
            return MultiRegister.values(assignments);
        }

        /** Whether this holds nothing. */
        public boolean isEmpty() {
            return assignments.isEmpty();
        }

        /**
         * Both deltas as one: for each replica the later assignment. Commutative, associative and idempotent.
         *
         * @throws IllegalArgumentException if one stamp names two values
         */
        public Delta<V> join(Delta<V> other) {
            Map<ReplicaId, Assignment<V>> joined = new HashMap<>(assignments);
            other.assignments.forEach((replica, assignment) -> joined.merge(replica, assignment, Assignment::join));
            return new Delta<>(joined);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Delta<?> delta && assignments.equals(delta.assignments);
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
