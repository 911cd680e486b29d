package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An add-wins observed-remove set that stands alone: of an addition and a concurrent removal of an element the addition wins, since a removal takes away only what its replica had seen.
 *
 * <p>The semantics are those of a set inside a document (M-12). The state is a map from (element, replica) to the dot of that replica's latest addition of the element and whether it was
 * removed; merging is pointwise maximum, with removed above not removed. Every dot carries all that merging needs, so deltas may overtake each other without the causal contexts that
 * delta sets otherwise need. The price is that a removed element leaves a dot for each replica that had added it, for as long as the state lives. Shapiro, Preguiça, Baquero and Zawirski, "A
 * comprehensive study of Convergent and Commutative Replicated Data Types" (2011); one dot a replica as in Bieniusa et al., "An optimized conflict-free replicated set" (2012).
 *
 * <p>Adding, removing and asking take constant time, and merging a delta takes time in proportion to the delta alone. Mutable and not thread-safe.
 *
 * @param <E> the elements, told apart by {@code equals}; of classes but {@code String} with a {@code hashCode} that spreads
 */
public final class OrSet<E> implements Replicated<OrSet.Delta<E>> {
    private final HybridLogicalClock clock;
    private final DotTable<E> dots;

    private OrSet(HybridLogicalClock clock, DotTable<E> dots) {
        this.clock = requireNonNull(clock);
        this.dots = dots;
    }

    /** An empty set of the clock's replica. */
    public static <E> OrSet<E> of(HybridLogicalClock clock) {
        return new OrSet<>(clock, DotTable.empty());
    }

    /** A set that begins with a snapshot: one that was stored, or that of another replica. */
    public static <E> OrSet<E> of(HybridLogicalClock clock, Delta<E> snapshot) {
        clock.observeTime(snapshot.dots.latestTime());
        return new OrSet<>(clock, snapshot.dots.copy());
    }

    /** Adds an element. If it is present already its addition is renewed, so that this wins over concurrent removals. */
    public Delta<E> add(E element) {
        long time = clock.tickTime();
        dots.add(element, time, clock.replica());
        return new Delta<>(DotTable.of(element, time, clock.replica()));
    }

    /** Adds elements, in their order, as one delta. */
    public Delta<E> addAll(Collection<? extends E> elements) {
        DotTable<E> added = DotTable.empty();
        for (E element : elements) {
            long time = clock.tickTime();
            dots.add(element, time, clock.replica());
            added.add(element, time, clock.replica());
        }
        return new Delta<>(added);
    }

    /** Removes an element: all its additions that this replica has seen. The delta is empty if the element is absent. */
    public Delta<E> remove(E element) {
        return removeAll(List.of(element));
    }

    /** Removes elements as one delta. */
    public Delta<E> removeAll(Collection<? extends E> elements) {
        DotTable<E> removed = DotTable.empty();
        elements.forEach(element -> dots.remove(element, removed));
        return new Delta<>(removed);
    }

    /** Whether an element is present. */
    public boolean contains(E element) {
        return dots.has(element);
    }

    /** The number of elements. */
    public int size() {
        return dots.live();
    }

    /** Whether there is no element. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** The elements in the order of their oldest additions, which is the same at every replica. An immutable copy. */
    public Set<E> elements() {
        return Collections.unmodifiableSet(dots.elements());
    }

    @Override
    public boolean merge(Delta<E> delta) {
        return dots.join(delta.dots, clock);
    }

    /** Merges all that another replica has, as if it were its {@link #snapshot()}. */
    public boolean merge(OrSet<E> other) {
        return dots.join(other.dots, clock);
    }

    @Override
    public Delta<E> snapshot() {
        return new Delta<>(dots.copy());
    }

    /** The elements, as {@link #elements()} has them. */
    @Override
    public String toString() {
        return elements().toString();
    }

    /**
     * What changes did to a set, or all of a set: an immutable value to hand around.
     *
     * <p>Two deltas are equal if they hold the same tags.
     *
     * @param <E> the elements
     */
    public static final class Delta<E> {
        private static final Delta<?> EMPTY = new Delta<>(DotTable.empty());

        private final DotTable<E> dots; // never changed from here on

        private Delta(DotTable<E> dots) {
            this.dots = dots;
        }

        /** The delta of no change. */
        @SuppressWarnings("unchecked") // holds no element
        public static <E> Delta<E> empty() {
            return (Delta<E>) EMPTY;
        }

        /** The delta of the given tags, for instance of those that were stored or received. */
        public static <E> Delta<E> of(Collection<Tag<E>> tags) {
            return new Delta<>(DotTable.of(tags));
        }

        /** All that the delta holds, to be stored or sent; in no particular order. */
        public List<Tag<E>> tags() {
            List<Tag<E>> tags = new ArrayList<>();
            dots.forEach(
                    (element, known) -> known.forEach(dot -> tags.add(new Tag<>(element, dot.stamp(), dot.removed()))));
            return Collections.unmodifiableList(tags);
        }

        /** The elements that are present by this delta alone, in the order of their oldest additions. */
        public Set<E> elements() {
            return Collections.unmodifiableSet(dots.elements());
        }

        /** Whether this holds nothing. */
        public boolean isEmpty() {
            return dots.isEmpty();
        }

        /** Both deltas as one: for each element and replica the greater dot. Commutative, associative and idempotent. */
        public Delta<E> join(Delta<E> other) {
            return new Delta<>(dots.joined(other.dots));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Delta<?> delta && dots.equals(delta.dots);
        }

        @Override
        public int hashCode() {
            return dots.hashCode();
        }

        @Override
        public String toString() {
            return tags().toString();
        }
    }

    /**
     * The latest addition of an element by one replica.
     *
     * @param element the element
     * @param stamp when and by whom it was added
     * @param removed whether somebody who had seen that removed it
     * @param <E> the elements
     */
    public record Tag<E>(E element, Stamp stamp, boolean removed) {
        public Tag {
            requireNonNull(element);
            requireNonNull(stamp);
        }
    }
}
