package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A counter that stands alone: all concurrent additions and subtractions count, each once.
 *
 * <p>The semantics are those of a counter inside a document (M-13), in whole numbers: each replica holds its own total with the stamp of its latest change, merging is pointwise the maximum by
 * stamp, and the value is the sum of the totals. One total with a stamp says what the two growing totals of the PN-counter say: Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of
 * Convergent and Commutative Replicated Data Types" (2011).
 *
 * <p>All totals are 64-bit and wrap around, so the value is right whenever it fits into 64 bits. Changing and reading take constant time. Mutable and not thread-safe; a replica goes on from
 * its own snapshot after a restart, or takes a new replica id, for two counters that add to one total would hide each other's additions.
 */
public final class PnCounter implements Replicated<PnCounter.Delta> {
    private final HybridLogicalClock clock;
    private final Map<ReplicaId, Total> totals = new HashMap<>();
    private long value;

    private PnCounter(HybridLogicalClock clock) {
        this.clock = requireNonNull(clock);
    }

    /** A counter of the clock's replica that stands at zero. */
    public static PnCounter of(HybridLogicalClock clock) {
        return new PnCounter(clock);
    }

    /** A counter that begins with a snapshot: one that was stored, or that of another replica. */
    public static PnCounter of(HybridLogicalClock clock, Delta snapshot) {
        PnCounter counter = new PnCounter(clock);
        counter.merge(snapshot);
        return counter;
    }

    /** Adds one. */
    public Delta increment() {
        return add(1);
    }

    /** Subtracts one. */
    public Delta decrement() {
        return add(-1);
    }

    /** Adds a number, which may be negative. */
    public Delta add(long number) {
        Stamp stamp = clock.tick();
        Total total = new Total(stamp, amount(totals.get(stamp.replica())) + number);
        totals.put(stamp.replica(), total);
        value += number;
        return new Delta(Map.of(stamp.replica(), total));
    }

    /** The sum of all totals. */
    public long value() {
        return value;
    }

    @Override
    public boolean merge(Delta delta) {
        return merge(delta.totals);
    }

    /** Merges all that another replica has, as if it were its {@link #snapshot()}. */
    public boolean merge(PnCounter other) {
        return merge(other.totals);
    }

    private boolean merge(Map<ReplicaId, Total> others) {
        boolean changed = false;
        for (Total total : others.values()) {
            clock.observe(total.stamp);
            changed |= join(total);
        }
        return changed;
    }

    private boolean join(Total theirs) {
        Total before = totals.get(theirs.stamp.replica());
        Total after = before == null ? theirs : before.join(theirs);
        if (after.equals(before)) {
            return false;
        }
        totals.put(theirs.stamp.replica(), after);
        value += after.amount - amount(before);
        return true;
    }

    private static long amount(@Nullable Total total) {
        return total == null ? 0 : total.amount;
    }

    @Override
    public Delta snapshot() {
        return new Delta(Map.copyOf(totals));
    }

    /** The value as a decimal number. */
    @Override
    public String toString() {
        return Long.toString(value);
    }

    /** What changes did to a counter, or all of a counter: an immutable value to hand around. */
    public static final class Delta {
        private static final Delta EMPTY = new Delta(Map.of());

        private final Map<ReplicaId, Total> totals;

        private Delta(Map<ReplicaId, Total> totals) {
            this.totals = totals;
        }

        /** The delta of no change. */
        public static Delta empty() {
            return EMPTY;
        }

        /** The delta of the given totals, for instance of those that were stored or received. */
        public static Delta of(Collection<Total> totals) {
            Map<ReplicaId, Total> joined = new HashMap<>();
            totals.forEach(total -> joined.merge(total.stamp.replica(), total, Total::join));
            return new Delta(joined);
        }

        /** All that the delta holds, to be stored or sent: one total a replica, in no particular order. */
        public List<Total> totals() {
            return List.copyOf(totals.values());
        }

        /** Whether this holds nothing. */
        public boolean isEmpty() {
            return totals.isEmpty();
        }

        /** Both deltas as one: for each replica the later total. Commutative, associative and idempotent. */
        public Delta join(Delta other) {
            Map<ReplicaId, Total> joined = new HashMap<>(totals);
            other.totals.forEach((replica, total) -> joined.merge(replica, total, Total::join));
            return new Delta(joined);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Delta delta && totals.equals(delta.totals);
        }

        @Override
        public int hashCode() {
            return totals.hashCode();
        }

        @Override
        public String toString() {
            return totals().toString();
        }
    }

    /**
     * What one replica has added up to.
     *
     * @param stamp its latest addition; its replica is the one that counts
     * @param amount the sum of its additions
     */
    public record Total(Stamp stamp, long amount) {
        public Total {
            requireNonNull(stamp);
        }

        /** The later of two totals of one replica; this one if they are equal. Of one stamp, the greater amount. */
        private Total join(Total other) {
            int order = Long.compareUnsigned(stamp.time(), other.stamp.time());
            return order > 0 || (order == 0 && amount >= other.amount) ? this : other;
        }
    }
}
