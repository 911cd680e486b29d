package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.OrSet;
import java.util.List;

/** Ours: the set that stands alone. A copy begins with a snapshot, which is taken once. */
final class CellSet implements ReplicatedSet {
    private final OrSet<String> set;
    private OrSet.Delta<String> snapshot = OrSet.Delta.empty();

    CellSet() {
        this(OrSet.of(clock()));
    }

    private CellSet(OrSet<String> set) {
        this.set = set;
    }

    private static HybridLogicalClock clock() {
        return HybridLogicalClock.of(() -> Writer.START_MILLIS, new Writer().replica());
    }

    @Override
    public Object add(String element) {
        return set.add(element);
    }

    @Override
    public Object addAll(List<String> elements) {
        return set.addAll(elements);
    }

    @Override
    @SuppressWarnings("unchecked") // of this class, by contract
    public void mergeDelta(Object delta) {
        set.merge((OrSet.Delta<String>) delta);
    }

    @Override
    public void merge(ReplicatedSet other) {
        set.merge(((CellSet) other).set);
    }

    @Override
    public ReplicatedSet copy() {
        if (snapshot.isEmpty()) {
            snapshot = set.snapshot();
        }
        return new CellSet(OrSet.of(clock(), snapshot));
    }

    @Override
    public int size() {
        return set.size();
    }
}
