package dev.watersmeet.benchmarks;

import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Copies a map and merges another one of the same size into the copy. Half of the keys are in both.
 *
 * <pre>java -Djmh.ignoreLock=true -cp benchmarks/target/watersmeet-benchmarks.jar org.openjdk.jmh.Main MapFull -p contender=WATERSMEET,HASH_MAP</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MapFullBenchmark {
    @Param({"WATERSMEET", "HASH_MAP", "FASTUTIL", "PEKKO", "AUTOMERGE"})
    Contender contender = Contender.WATERSMEET;

    @Param("10000")
    int size;

    private ReplicatedMap one = Contender.FASTUTIL.newMap();
    private ReplicatedMap two = one;

    /** Fills both maps. */
    @Setup(Level.Trial)
    public void fill() {
        one = contender.newMap();
        one.fill(0, size);
        two = contender.newMap();
        two.fill(size / 2, size + size / 2);
    }

    /** Copies, merges, and counts what came out. */
    @Benchmark
    public int merge() {
        try (ReplicatedMap merged = one.copy()) {
            merged.merge(two);
            if (merged.size() != size + size / 2) {
                throw new IllegalStateException(contender.label() + " has " + merged.size() + " entries");
            }
            return merged.size();
        }
    }
}
