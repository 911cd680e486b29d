package dev.watersmeet.testing.stress;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.LwwMap;
import dev.watersmeet.crdt.ReplicaId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Deltas and snapshots of maps are immutable, as those of sets are. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "nothing yet, or all of it")
@Outcome(expect = Expect.FORBIDDEN, desc = "a part of it, or what came later")
public class MapDeltaStress {
    private LwwMap.@Nullable Delta<String, Integer> delta;
    private LwwMap.@Nullable Delta<String, Integer> snapshot;

    /** Changes a map, shows what it did, and goes on. */
    @Actor
    public void change() {
        LwwMap<String, Integer> map = LwwMap.of(HybridLogicalClock.of(() -> 1000, new ReplicaId(1)));
        delta = map.put("a", 1);
        snapshot = map.snapshot();
        map.put("b", 2);
        map.remove("a");
    }

    /** Reads what is shown. */
    @Actor
    public void read(ZZ_Result result) {
        result.r1 = holdsA(delta);
        result.r2 = holdsA(snapshot);
    }

    private static boolean holdsA(LwwMap.@Nullable Delta<String, Integer> seen) {
        return seen == null || seen.entries().equals(Map.of("a", 1));
    }
}
