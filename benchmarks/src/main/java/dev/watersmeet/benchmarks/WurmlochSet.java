package dev.watersmeet.benchmarks;

import com.netopyr.wurmloch.crdt.ORSet;
import com.netopyr.wurmloch.store.LocalCrdtStore;
import java.util.List;

/** wurmloch's {@code ORSet}: a log of commands that is replayed for whoever connects. It has no deltas to hand around. */
final class WurmlochSet implements ReplicatedSet {
    private static final String ID = "set";

    private final LocalCrdtStore store = new LocalCrdtStore();
    private final ORSet<String> set;

    WurmlochSet() {
        set = store.createORSet(ID);
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
    public void mergeDelta(Object delta) {
        throw new UnsupportedOperationException("wurmloch has no deltas");
    }

    @Override
    public void merge(ReplicatedSet other) {
        LocalCrdtStore theirs = ((WurmlochSet) other).store;
        store.connect(theirs);
        store.disconnect(theirs);
    }

    @Override
    public ReplicatedSet copy() {
        WurmlochSet copy = new WurmlochSet();
        copy.merge(this);
        return copy;
    }

    @Override
    public int size() {
        return set.size();
    }
}
