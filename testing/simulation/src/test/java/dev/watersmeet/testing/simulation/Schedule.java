package dev.watersmeet.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/** What happens next, and when: the run's only source of time and of randomness. */
final class Schedule {
    /** When every run begins, in Unix milliseconds. */
    static final long START = 1_700_000_000_000L;

    /** Happens at no server: it is in the way of none. */
    static final int NOWHERE = -1;

    /** Does not happen while a server is in the middle of something. */
    static final int ALONE = -2;

    final Random random;
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private long now = START;
    private long entered;

    private record Entry(long time, long number, int server, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int order = Long.compare(time, other.time);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    Schedule(long seed, boolean tracing) {
        this.random = new Random(seed);
        this.tracing = tracing;
    }

    /** True time, in Unix milliseconds. */
    long now() {
        return now;
    }

    /** Lets something happen later, but not while a server is in the middle of something. */
    void after(long millis, Runnable action) {
        at(ALONE, millis, action);
    }

    /**
     * Lets something happen later.
     *
     * @param server the number of the server where it happens, or {@link #NOWHERE}: it may happen while another server is in the middle of something
     */
    void at(int server, long millis, Runnable action) {
        entries.add(new Entry(now + millis, entered++, server, action));
    }

    /** Lets things happen until a moment. */
    void runUntil(long end) {
        while (!entries.isEmpty() && entries.peek().time <= end) {
            Entry next = entries.poll();
            now = Math.max(now, next.time);
            next.action.run();
        }
        now = Math.max(now, end);
    }

    /** Lets the next thing happen. False if there is none. */
    boolean runNext() {
        Entry next = entries.poll();
        if (next == null) {
            return false;
        }
        now = Math.max(now, next.time);
        next.action.run();
        return true;
    }

    /**
     * Lets something happen earlier than it should, in the middle of something else, if there is anything that may.
     *
     * @param busy the servers that are in the middle of something
     */
    void interrupt(List<Integer> busy) {
        Entry found = null;
        for (Entry entry : entries) {
            boolean may = entry.server == NOWHERE || (entry.server >= 0 && !busy.contains(entry.server));
            if (may && (found == null || entry.compareTo(found) < 0)) {
                found = entry;
            }
        }
        if (found != null) {
            entries.remove(found);
            found.action.run();
        }
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A number from 0 on. */
    int pick(int bound) {
        return random.nextInt(bound);
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A number of milliseconds, from the least on, and mostly not much above. */
    long delay(long least, long mean) {
        return least + (long) (-Math.log(1 - random.nextDouble()) * mean);
    }

    void note(Supplier<String> line) {
        if (tracing) {
            long millis = now - START;
            trace.add(String.format("%4d.%03d  %s", millis / 1000, millis % 1000, line.get()));
        }
    }

    List<String> trace() {
        return trace;
    }
}
