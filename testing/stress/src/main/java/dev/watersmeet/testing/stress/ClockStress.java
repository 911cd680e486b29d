package dev.watersmeet.testing.stress;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** The clock is shared: two threads take stamps of it, and one of them lets it observe one before. */
@JCStressTest
@State
@Outcome(
        id = "true, true, true",
        expect = Expect.ACCEPTABLE,
        desc = "two stamps below the next one; the one that followed what was observed is above that")
@Outcome(expect = Expect.FORBIDDEN, desc = "a stamp was issued twice, or below one that was issued or observed before")
public class ClockStress {
    private static final ReplicaId OWN = new ReplicaId(1);
    private static final Stamp RECEIVED = Stamp.of(1000, 7, new ReplicaId(2));

    private final HybridLogicalClock clock = HybridLogicalClock.of(() -> 1000, OWN);
    private Stamp one = RECEIVED;
    private Stamp two = RECEIVED;

    /** Takes a stamp. */
    @Actor
    public void tick() {
        one = clock.tick();
    }

    /** Receives a stamp, and takes one. */
    @Actor
    public void observeAndTick() {
        clock.observe(RECEIVED);
        two = clock.tick();
    }

    /** Compares them with what is issued next. */
    @Arbiter
    public void next(ZZZ_Result result) {
        Stamp next = clock.tick();
        result.r1 = !one.equals(two);
        result.r2 = next.isAfter(one) && next.isAfter(two);
        result.r3 = two.isAfter(RECEIVED);
    }
}
