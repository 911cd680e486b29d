package dev.watersmeet.testing.stress;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.PnCounter;
import dev.watersmeet.crdt.ReplicaId;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Deltas and snapshots of counters are immutable: also one that holds the totals of two replicas. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "nothing yet, or all of it")
@Outcome(expect = Expect.FORBIDDEN, desc = "a part of it, or what came later")
public class CounterDeltaStress {
    private static final PnCounter.Delta OTHER = counter(2).add(2);

    private PnCounter.@Nullable Delta delta;
    private PnCounter.@Nullable Delta snapshot;

    private static PnCounter counter(long replica) {
        return PnCounter.of(HybridLogicalClock.of(() -> 1000, new ReplicaId(replica)));
    }

    /** Changes a counter, shows what it did, and goes on. */
    @Actor
    public void change() {
        PnCounter counter = counter(1);
        counter.merge(OTHER);
        delta = counter.increment();
        snapshot = counter.snapshot();
        counter.add(100);
    }

    /** Reads what is shown. */
    @Actor
    public void read(ZZ_Result result) {
        result.r1 = sumsTo(1, delta);
        result.r2 = sumsTo(3, snapshot);
    }

    private static boolean sumsTo(long sum, PnCounter.@Nullable Delta seen) {
        return seen == null
                || seen.totals().stream().mapToLong(PnCounter.Total::amount).sum() == sum;
    }
}
