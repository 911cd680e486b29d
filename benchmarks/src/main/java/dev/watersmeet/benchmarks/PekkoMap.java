package dev.watersmeet.benchmarks;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.ORMap;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;

/** Pekko's {@code LWWMap}, an immutable value: copies are free. */
final class PekkoMap implements ReplicatedMap {
    private static final AtomicInteger PORTS = new AtomicInteger(25_000);

    private final SelfUniqueAddress self = self();
    private LWWMap<String, String> map;

    PekkoMap() {
        this(LWWMap.create());
    }

    private PekkoMap(LWWMap<String, String> map) {
        this.map = map;
    }

    static SelfUniqueAddress self() {
        int port = PORTS.incrementAndGet();
        return new SelfUniqueAddress(new UniqueAddress(new Address("pekko", "bench", "127.0.0.1", port), (long) port));
    }

    @Override
    public void write(int key, String value) {
        map = map.put(self, Keys.text(key), value);
    }

    @Override
    public Object takeDelta() {
        Object delta = map.delta().isDefined() ? map.delta().get() : this;
        map = map.resetDelta();
        return delta;
    }

    @Override
    public void mergeDelta(Object delta) {
        map = map.mergeDelta((ORMap.DeltaOp) delta);
    }

    @Override
    public void merge(ReplicatedMap other) {
        map = map.merge(((PekkoMap) other).map);
    }

    @Override
    public ReplicatedMap copy() {
        return new PekkoMap(map);
    }

    @Override
    public boolean holds(int key, String value) {
        return map.get(Keys.text(key)).contains(value);
    }

    @Override
    public int size() {
        return map.size();
    }

    @Override
    public Object held() {
        return map;
    }
}
