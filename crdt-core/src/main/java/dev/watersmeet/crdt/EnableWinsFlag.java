package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An enable-wins flag that stands alone: a boolean of which enabling wins over a concurrent disabling, since disabling undoes only what its replica had seen.
 *
 * <p>The semantics are those of a flag inside a document (M-35), and it is an {@link OrSet} of one element or none: Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of
 * Convergent and Commutative Replicated Data Types" (2011), as of the set; as a flag in Almeida, Shoker and Baquero, "Delta State Replicated Data Types" (2018). The state is, for each replica
 * that ever enabled it, the stamp of when it last did and whether that was disabled. For a flag that disabling wins, keep its opposite.
 *
 * <p>Mutable and not thread-safe.
 */
public final class EnableWinsFlag implements Replicated<EnableWinsFlag.Delta> {
    /** The one element that the flag has as a set while it is enabled. */
    private static final Boolean ON = true;

    private final HybridLogicalClock clock;
    private final DotTable<Boolean> dots;

    private EnableWinsFlag(HybridLogicalClock clock, DotTable<Boolean> dots) {
        this.clock = requireNonNull(clock);
        this.dots = dots;
    }

    /** A flag of the clock's replica that is not enabled. */
    public static EnableWinsFlag of(HybridLogicalClock clock) {
        return new EnableWinsFlag(clock, DotTable.empty());
    }

    /** A flag that begins with a snapshot: one that was stored, or that of another replica. */
    public static EnableWinsFlag of(HybridLogicalClock clock, Delta snapshot) {
        clock.observeTime(snapshot.dots.latestTime());
        return new EnableWinsFlag(clock, snapshot.dots.copy());
    }

    /** Enables the flag. If it is enabled already that is renewed, so that this wins over concurrent disablings. */
    public Delta enable() {
        long time = clock.tickTime();
        dots.add(ON, time, clock.replica());
        return new Delta(DotTable.of(ON, time, clock.replica()));
    }

    /** Disables the flag: all enablings that this replica has seen. The delta is empty if it is not enabled. */
    public Delta disable() {
        DotTable<Boolean> disabled = DotTable.empty();
        dots.remove(ON, disabled);
        return new Delta(disabled);
    }

    /** Whether the flag is enabled. */
    public boolean isEnabled() {
        return dots.has(ON);
    }

    @Override
    public boolean merge(Delta delta) {
        return dots.join(delta.dots, clock);
    }

    /** Merges all that another replica has, as if it were its {@link #snapshot()}. */
    public boolean merge(EnableWinsFlag other) {
        return dots.join(other.dots, clock);
    }

    @Override
    public Delta snapshot() {
        return new Delta(dots.copy());
    }

    /** {@code true} or {@code false}, as {@link #isEnabled()} has it. */
    @Override
    public String toString() {
        return Boolean.toString(isEnabled());
    }

    /**
     * What changes did to a flag, or all of a flag: an immutable value to hand around.
     *
     * <p>Two deltas are equal if they hold the same enablings.
     */
    public static final class Delta {
        private static final Delta EMPTY = new Delta(DotTable.empty());

        private final DotTable<Boolean> dots; // never changed from here on

        private Delta(DotTable<Boolean> dots) {
            this.dots = dots;
        }

        /** The delta of no change. */
        public static Delta empty() {
            return EMPTY;
        }

        /** The delta of the given enablings, for instance of those that were stored or received. */
        public static Delta of(Collection<Enabling> enablings) {
            return new Delta(DotTable.of(enablings.stream()
                    .map(enabling -> new OrSet.Tag<>(ON, enabling.stamp, enabling.disabled))
                    .toList()));
        }

        /** All that the delta holds, to be stored or sent: one enabling a replica, in no particular order. */
        public List<Enabling> enablings() {
            List<Enabling> enablings = new ArrayList<>();
            dots.forEach((on, known) -> known.forEach(dot -> enablings.add(new Enabling(dot.stamp(), dot.removed()))));
            return Collections.unmodifiableList(enablings);
        }

        /** Whether the flag is enabled by this delta alone. */
        public boolean isEnabled() {
            return dots.has(ON);
        }

        /** Whether this holds nothing. */
        public boolean isEmpty() {
            return dots.isEmpty();
        }

        /** Both deltas as one: for each replica the later enabling. Commutative, associative and idempotent. */
        public Delta join(Delta other) {
            return new Delta(dots.joined(other.dots));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Delta delta && dots.equals(delta.dots);
        }

        @Override
        public int hashCode() {
            return dots.hashCode();
        }

        @Override
        public String toString() {
            return enablings().toString();
        }
    }

    /**
     * The latest time that one replica enabled a flag.
     *
     * @param stamp when and by whom
     * @param disabled whether somebody who had seen that disabled the flag
     */
    public record Enabling(Stamp stamp, boolean disabled) {
        public Enabling {
            requireNonNull(stamp);
        }
    }
}
