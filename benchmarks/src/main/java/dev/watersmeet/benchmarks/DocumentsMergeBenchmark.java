package dev.watersmeet.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Merges 10,000 updates of a second replica, in 100 batches, into 1,000 documents of ten fields. The thread's CPU time is counted beside JMH's own figure.
 *
 * <pre>java -Djmh.ignoreLock=true -cp benchmarks/target/watersmeet-benchmarks.jar org.openjdk.jmh.Main DocumentsMerge -p contender=WATERSMEET,HASH_MAP</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DocumentsMergeBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** CPU time of the merging thread, garbage collection apart. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class CpuTime {
        public long nanos;
        public long merges;
    }

    @Param({"WATERSMEET", "HASH_MAP", "PEKKO", "AUTOMERGE"})
    Contender contender = Contender.WATERSMEET;

    private final List<Object> batches = new ArrayList<>();
    private ReplicatedMap base = Contender.FASTUTIL.newMap();
    private ReplicatedMap documents = base;
    private int lastKey;
    private String lastValue = "";

    /** Fills the documents, and has a second replica change them. */
    @Setup(Level.Trial)
    public void fill() {
        base = contender.newDocuments();
        base.fill(0, Updates.KEYS);
        try (ReplicatedMap writer = base.copy()) {
            Updates.each(
                    (key, update) -> {
                        lastKey = key;
                        lastValue = update;
                        writer.write(key, update);
                    },
                    () -> batches.add(writer.takeDelta()));
        }
    }

    /** The documents before the updates. */
    @Setup(Level.Invocation)
    public void copy() {
        documents = base.copy();
    }

    /** Merges all batches. */
    @Benchmark
    public void merge(CpuTime time) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (Object batch : batches) {
            documents.mergeDelta(batch);
        }
        time.nanos += THREADS.getCurrentThreadCpuTime() - start;
        time.merges++;
    }

    /** Checks that the merges took place, and frees the copy. */
    @TearDown(Level.Invocation)
    public void free() {
        if (documents.size() != Updates.KEYS || !documents.holds(lastKey, lastValue)) {
            throw new IllegalStateException(contender.label() + " has lost an update, or an entry");
        }
        documents.close();
    }
}
