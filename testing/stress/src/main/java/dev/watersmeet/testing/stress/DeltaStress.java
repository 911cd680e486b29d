package dev.watersmeet.testing.stress;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.OrSet;
import dev.watersmeet.crdt.ReplicaId;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Deltas and snapshots are immutable: they may be handed to other threads, and changes of the set they came from do not show in them. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "nothing yet, or all of it")
@Outcome(expect = Expect.FORBIDDEN, desc = "a part of it, or what came later")
public class DeltaStress {
    private OrSet.@Nullable Delta<String> delta;
    private OrSet.@Nullable Delta<String> snapshot;

    /** Changes a set, shows what it did, and goes on. */
    @Actor
    public void change() {
        OrSet<String> set = OrSet.of(HybridLogicalClock.of(() -> 1000, new ReplicaId(1)));
        delta = set.add("a");
        snapshot = set.snapshot();
        set.add("b");
        set.remove("a");
    }

    /** Reads what is shown. */
    @Actor
    public void read(ZZ_Result result) {
        result.r1 = holdsA(delta);
        result.r2 = holdsA(snapshot);
    }

    private static boolean holdsA(OrSet.@Nullable Delta<String> seen) {
        return seen == null || seen.elements().equals(Set.of("a"));
    }
}
