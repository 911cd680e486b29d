package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.Dots.Dot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
 * @param <E> the elements, told apart by {@code equals}
 */
public final class OrSet<E> implements Replicated<OrSet.Delta<E>> {
    private final HybridLogicalClock clock;
    private final Map<E, Dots> dots;
    private int size;

    private OrSet(HybridLogicalClock clock, Map<E, Dots> dots) {
        this.clock = requireNonNull(clock);
        this.dots = dots;
    }

    /** An empty set of the clock's replica. */
    public static <E> OrSet<E> of(HybridLogicalClock clock) {
        return new OrSet<>(clock, new HashMap<>());
    }

    /** A set that begins with a snapshot: one that was stored, or that of another replica. */
    public static <E> OrSet<E> of(HybridLogicalClock clock, Delta<E> snapshot) {
        OrSet<E> set = new OrSet<>(clock, new HashMap<>(snapshot.dots));
        snapshot.dots.values().forEach(known -> {
            clock.observe(known.latest());
            set.count(null, known);
        });
        return set;
    }

    /** Adds an element. If it is present already its addition is renewed, so that this wins over concurrent removals. */
    public Delta<E> add(E element) {
        Dot dot = new Dot(clock.tick(), false);
        Dots before = dots.put(requireNonNull(element), dot);
        Dots after = before == null ? dot : before.join(dot);
        if (after != dot) {
            dots.put(element, after);
        }
        count(before, after);
        return new Delta<>(Map.of(element, dot));
    }

    /** Adds elements, in their order, as one delta. */
    public Delta<E> addAll(Collection<? extends E> elements) {
        Map<E, Dots> added = new HashMap<>();
        elements.forEach(element -> added.putAll(add(element).dots));
        return new Delta<>(added);
    }

    /** Removes an element: all its additions that this replica has seen. The delta is empty if the element is absent. */
    public Delta<E> remove(E element) {
        Dots before = dots.get(requireNonNull(element));
        if (before == null || !before.isLive()) {
            return Delta.empty();
        }
        Dots removed = before.removed();
        dots.put(element, removed);
        size--;
        return new Delta<>(Map.of(element, removed));
    }

    /** Removes elements as one delta. */
    public Delta<E> removeAll(Collection<? extends E> elements) {
        Map<E, Dots> removed = new HashMap<>();
        elements.forEach(element -> removed.putAll(remove(element).dots));
        return new Delta<>(removed);
    }

    /** Whether an element is present. */
    public boolean contains(E element) {
        Dots known = dots.get(requireNonNull(element));
        return known != null && known.isLive();
    }

    /** The number of elements. */
    public int size() {
        return size;
    }

    /** Whether there is no element. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** The elements in the order of their oldest additions, which is the same at every replica. An immutable copy. */
    public Set<E> elements() {
        return elements(dots);
    }

    @Override
    public boolean merge(Delta<E> delta) {
        return merge(delta.dots);
    }

    /** Merges all that another replica has, as if it were its {@link #snapshot()}. */
    public boolean merge(OrSet<E> other) {
        return merge(other.dots);
    }

    private boolean merge(Map<E, Dots> others) {
        boolean changed = false;
        for (Map.Entry<E, Dots> entry : others.entrySet()) {
            clock.observe(entry.getValue().latest());
            changed |= join(entry.getKey(), entry.getValue());
        }
        return changed;
    }

    private boolean join(E element, Dots theirs) {
        Dots before = dots.putIfAbsent(element, theirs);
        Dots after = before == null ? theirs : before.join(theirs);
        if (before != null && after != before) {
            dots.put(element, after);
        }
        count(before, after);
        return after != before;
    }

    private void count(@Nullable Dots before, Dots after) {
        size += (after.isLive() ? 1 : 0) - (before != null && before.isLive() ? 1 : 0);
    }

    @Override
    public Delta<E> snapshot() {
        return new Delta<>(new HashMap<>(dots));
    }

    /** The elements, as {@link #elements()} has them. */
    @Override
    public String toString() {
        return elements().toString();
    }

    private static <E> Set<E> elements(Map<E, Dots> dots) {
        Map<E, Stamp> oldest = new HashMap<>();
        dots.forEach((element, known) -> known.each().stream()
                .filter(Dot::isLive)
                .map(Dot::stamp)
                .min(Comparator.naturalOrder())
                .ifPresent(stamp -> oldest.put(element, stamp)));
        List<E> sorted = new ArrayList<>(oldest.keySet());
        sorted.sort(Comparator.comparing(oldest::get));
        return Collections.unmodifiableSet(new LinkedHashSet<>(sorted));
    }

    /**
     * What changes did to a set, or all of a set: an immutable value to hand around.
     *
     * <p>Two deltas are equal if they hold the same tags.
     *
     * @param <E> the elements
     */
    public static final class Delta<E> {
        private static final Delta<?> EMPTY = new Delta<>(Map.of());

        private final Map<E, Dots> dots; // never changed from here on

        private Delta(Map<E, Dots> dots) {
            this.dots = dots;
        }

        /** The delta of no change. */
        @SuppressWarnings("unchecked") // holds no element
        public static <E> Delta<E> empty() {
            return (Delta<E>) EMPTY;
        }

        /** The delta of the given tags, for instance of those that were stored or received. */
        public static <E> Delta<E> of(Collection<Tag<E>> tags) {
            Map<E, Dots> dots = new HashMap<>();
            tags.forEach(tag -> dots.merge(tag.element, new Dot(tag.stamp, tag.removed), Dots::join));
            return new Delta<>(dots);
        }

        /** All that the delta holds, to be stored or sent; in no particular order. */
        public List<Tag<E>> tags() {
            List<Tag<E>> tags = new ArrayList<>(dots.size());
            dots.forEach((element, known) ->
                    known.each().forEach(dot -> tags.add(new Tag<>(element, dot.stamp(), dot.isRemoved()))));
            return Collections.unmodifiableList(tags);
        }

        /** The elements that are present by this delta alone, in the order of their oldest additions. */
        public Set<E> elements() {
            return OrSet.elements(dots);
        }

        /** Whether this holds nothing. */
        public boolean isEmpty() {
            return dots.isEmpty();
        }

        /** Both deltas as one: for each element and replica the greater dot. Commutative, associative and idempotent. */
        public Delta<E> join(Delta<E> other) {
            Map<E, Dots> joined = new HashMap<>(dots);
            other.dots.forEach((element, theirs) -> joined.merge(element, theirs, Dots::join));
            return new Delta<>(joined);
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
