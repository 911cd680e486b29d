package dev.watersmeet.benchmarks;

import java.util.List;
import org.apache.pekko.cluster.ddata.ORSet;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;

/** Pekko's {@code ORSet}, an immutable value: copies are free. */
final class PekkoSet implements ReplicatedSet {
    private final SelfUniqueAddress self = PekkoMap.self();
    private ORSet<String> set;

    PekkoSet() {
        this(ORSet.create());
    }

    private PekkoSet(ORSet<String> set) {
        this.set = set;
    }

    @Override
    public Object add(String element) {
        return addAll(List.of(element));
    }

    @Override
    public Object addAll(List<String> elements) {
        for (String element : elements) {
            set = set.add(self, element);
        }
        Object delta = set.delta().get();
        set = set.resetDelta();
        return delta;
    }

    @Override
    public void mergeDelta(Object delta) {
        set = set.mergeDelta((ORSet.DeltaOp) delta);
    }

    @Override
    public void merge(ReplicatedSet other) {
        set = set.merge(((PekkoSet) other).set);
    }

    @Override
    public ReplicatedSet copy() {
        return new PekkoSet(set);
    }

    @Override
    public int size() {
        return set.size();
    }
}
