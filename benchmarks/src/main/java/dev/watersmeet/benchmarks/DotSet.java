package dev.watersmeet.benchmarks;

import it.unimi.dsi.fastutil.objects.Object2LongMap;
import it.unimi.dsi.fastutil.objects.Object2LongMaps;
import it.unimi.dsi.fastutil.objects.Object2LongOpenHashMap;
import java.util.List;

/**
 * The physical limit: a bare map of elements to the dots of their latest additions, and a version vector. What one has that the other lacks stays if the other has not seen its dot.
 *
 * <p>A dot is a replica's number above a count. It keeps one dot an element, so it is no complete set: of concurrent additions it forgets all but one.
 */
final class DotSet implements ReplicatedSet {
    private static final int COUNT_BITS = 48;
    private static final int REPLICAS = 64;

    private static int replicas;

    private final int replica = replicas++ % REPLICAS;
    private final Object2LongOpenHashMap<String> dots;
    private final long[] seen;

    DotSet() {
        this(new Object2LongOpenHashMap<>(), new long[REPLICAS]);
    }

    private DotSet(Object2LongOpenHashMap<String> dots, long[] seen) {
        this.dots = dots;
        this.seen = seen;
    }

    /** Returns the bare dot: a map of one would cost more than the addition. */
    @Override
    public Object add(String element) {
        long dot = nextDot();
        dots.put(element, dot);
        return dot;
    }

    private long nextDot() {
        return (long) replica << COUNT_BITS | ++seen[replica];
    }

    @Override
    public Object addAll(List<String> elements) {
        Object2LongOpenHashMap<String> delta = new Object2LongOpenHashMap<>();
        for (String element : elements) {
            long dot = nextDot();
            dots.put(element, dot);
            delta.put(element, dot);
        }
        return delta;
    }

    @Override
    @SuppressWarnings("unchecked") // of this class, by contract
    public void mergeDelta(Object delta) {
        for (Object2LongMap.Entry<String> entry :
                Object2LongMaps.fastIterable((Object2LongOpenHashMap<String>) delta)) {
            dots.mergeLong(entry.getKey(), entry.getLongValue(), Math::max);
            see(entry.getLongValue());
        }
    }

    private void see(long dot) {
        int by = (int) (dot >>> COUNT_BITS);
        seen[by] = Math.max(seen[by], count(dot));
    }

    private static long count(long dot) {
        return dot & (1L << COUNT_BITS) - 1;
    }

    private static boolean unseen(long dot, long[] seen) {
        return count(dot) > seen[(int) (dot >>> COUNT_BITS)];
    }

    @Override
    public void merge(ReplicatedSet other) {
        DotSet theirs = (DotSet) other;
        dots.object2LongEntrySet()
                .removeIf(entry ->
                        !unseen(entry.getLongValue(), theirs.seen) && !theirs.dots.containsKey(entry.getKey()));
        for (Object2LongMap.Entry<String> entry : Object2LongMaps.fastIterable(theirs.dots)) {
            if (unseen(entry.getLongValue(), seen) || dots.containsKey(entry.getKey())) {
                dots.mergeLong(entry.getKey(), entry.getLongValue(), Math::max);
            }
        }
        for (int by = 0; by < REPLICAS; by++) {
            seen[by] = Math.max(seen[by], theirs.seen[by]);
        }
    }

    @Override
    public ReplicatedSet copy() {
        return new DotSet(dots.clone(), seen.clone());
    }

    @Override
    public int size() {
        return dots.size();
    }
}
