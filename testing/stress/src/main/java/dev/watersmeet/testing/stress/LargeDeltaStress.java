package dev.watersmeet.testing.stress;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.OrSet;
import dev.watersmeet.crdt.ReplicaId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A snapshot of a set that is large enough for an index, in which several replicas have added each element, is immutable, too. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "nothing yet, or all of it")
@Outcome(expect = Expect.FORBIDDEN, desc = "a part of it, or what came later")
public class LargeDeltaStress {
    private static final List<String> ELEMENTS = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
    private static final OrSet.Delta<String> TWO = set(2).addAll(ELEMENTS);
    private static final OrSet.Delta<String> THREE = set(3).addAll(ELEMENTS);

    private OrSet.@Nullable Delta<String> snapshot;
    private OrSet.@Nullable Delta<String> joined;

    private static OrSet<String> set(long replica) {
        return OrSet.of(HybridLogicalClock.of(() -> 1000, new ReplicaId(replica)));
    }

    /** Merges and changes a set, shows it, and goes on. */
    @Actor
    public void change() {
        OrSet<String> set = set(1);
        set.merge(TWO);
        set.merge(THREE);
        set.addAll(ELEMENTS);
        snapshot = set.snapshot();
        joined = TWO.join(THREE);
        set.add("m");
        set.removeAll(ELEMENTS);
    }

    /** Reads what is shown: every element by the index, every dot. */
    @Actor
    public void read(ZZ_Result result) {
        result.r1 = holdsAll(snapshot, 3);
        result.r2 = holdsAll(joined, 2);
    }

    private static boolean holdsAll(OrSet.@Nullable Delta<String> seen, int replicas) {
        if (seen == null) {
            return true;
        }
        OrSet<String> reader = OrSet.of(HybridLogicalClock.of(() -> 1000, new ReplicaId(4)), seen);
        return ELEMENTS.stream().allMatch(reader::contains)
                && reader.size() == ELEMENTS.size()
                && seen.tags().size() == replicas * ELEMENTS.size()
                && seen.tags().stream().noneMatch(OrSet.Tag::removed);
    }
}
