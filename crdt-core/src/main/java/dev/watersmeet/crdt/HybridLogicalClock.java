package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A hybrid logical clock: issues stamps that are above everything it issued or observed, and as close to physical time as that allows.
 *
 * <p>Thread-safe and lock-free. The algorithm is that of Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical Physical Clocks" (OPODIS 2014); the counter overflows into
 * the millisecond. The clock does not bound drift: who receives stamps checks them <em>before</em> letting the clock observe them.
 */
public final class HybridLogicalClock {
    private final TimeSource source;
    private final ReplicaId replica;
    private final AtomicLong last;

    private HybridLogicalClock(TimeSource source, ReplicaId replica, long last) {
        this.source = requireNonNull(source);
        this.replica = requireNonNull(replica);
        this.last = new AtomicLong(last);
    }

    /** A clock of a replica that has issued nothing yet. */
    public static HybridLogicalClock of(TimeSource source, ReplicaId replica) {
        return new HybridLogicalClock(source, replica, 0);
    }

    /** A clock that goes on above the greatest stamp that its replica issued or observed before, so that no stamp is issued twice. */
    public static HybridLogicalClock resume(TimeSource source, ReplicaId replica, Stamp highWater) {
        return new HybridLogicalClock(source, replica, highWater.time());
    }

    /** The replica whose stamps this clock issues. */
    public ReplicaId replica() {
        return replica;
    }

    /**
     * Issues the next stamp.
     *
     * @throws IllegalStateException if 48 bits of milliseconds are used up
     */
    public Stamp tick() {
        return new Stamp(tickTime(), replica);
    }

    /** The time of the next stamp. */
    long tickTime() {
        long physical = Math.max(0, Math.min(source.millis(), Stamp.MAX_MILLIS)) << 16;
        while (true) {
            long before = last.get();
            if (before == -1L) {
                throw new IllegalStateException("the clock has reached the greatest stamp");
            }
            long next = Long.compareUnsigned(physical, before) > 0 ? physical : before + 1;
            if (last.compareAndSet(before, next)) {
                return next;
            }
        }
    }

    /** Moves the clock up to a stamp that was received, so that what is issued next is above it. */
    public void observe(Stamp stamp) {
        observeTime(stamp.time());
    }

    /** Moves the clock up to all stamps of a document that was received. */
    public void observe(DocumentState cells) {
        observeTime(cells.latestTime());
    }

    /** Moves the clock up to the time of a stamp that was received. */
    void observeTime(long time) {
        long before = last.get();
        while (Long.compareUnsigned(time, before) > 0 && !last.compareAndSet(before, time)) {
            before = last.get();
        }
    }

    /** The reading to resume above: at least everything issued and observed so far. */
    public Stamp highWater() {
        return new Stamp(last.get(), replica);
    }
}
