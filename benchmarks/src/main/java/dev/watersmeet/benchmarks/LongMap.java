package dev.watersmeet.benchmarks;

import it.unimi.dsi.fastutil.longs.Long2LongMap;
import it.unimi.dsi.fastutil.longs.Long2LongMaps;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;

/** For orientation: a map of numbers to times, the greater one kept. It has neither texts nor values. */
final class LongMap implements ReplicatedMap {
    private static long time;

    private final Long2LongOpenHashMap times;
    private Long2LongOpenHashMap delta = new Long2LongOpenHashMap();

    LongMap() {
        this(new Long2LongOpenHashMap());
    }

    private LongMap(Long2LongOpenHashMap times) {
        this.times = times;
    }

    private static void join(Long2LongOpenHashMap mine, Long2LongOpenHashMap theirs) {
        for (Long2LongMap.Entry entry : Long2LongMaps.fastIterable(theirs)) {
            mine.mergeLong(entry.getLongKey(), entry.getLongValue(), Math::max);
        }
    }

    @Override
    public void write(int key, String value) {
        delta.put(key, ++time);
    }

    @Override
    public Object takeDelta() {
        Long2LongOpenHashMap taken = delta;
        join(times, taken);
        delta = new Long2LongOpenHashMap();
        return taken;
    }

    @Override
    public void mergeDelta(Object delta) {
        join(times, (Long2LongOpenHashMap) delta);
    }

    @Override
    public void merge(ReplicatedMap other) {
        join(times, ((LongMap) other).times);
    }

    @Override
    public ReplicatedMap copy() {
        return new LongMap(times.clone());
    }

    @Override
    public boolean holds(int key, String value) {
        return times.get(key) == time; // it has no values; the last write has the last time
    }

    @Override
    public int size() {
        return times.size();
    }

    @Override
    public Object held() {
        return times;
    }
}
