package dev.watersmeet.benchmarks;

import java.util.Random;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Merges a delta of 100 winning entries, spread at random, into a map. Each merge has a delta of its own, made outside of the measured time by a second replica.
 *
 * <pre>java -Djmh.ignoreLock=true -cp benchmarks/target/watersmeet-benchmarks.jar org.openjdk.jmh.Main MapDelta -p contender=WATERSMEET,HASH_MAP -p size=10000</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MapDeltaBenchmark {
    private static final int DELTA = 100;

    @Param({"WATERSMEET", "HASH_MAP", "FASTUTIL", "PEKKO", "AUTOMERGE"})
    Contender contender = Contender.WATERSMEET;

    @Param({"10000", "100000", "1000000"})
    int size;

    private final Random random = new Random(1);
    private ReplicatedMap map = Contender.FASTUTIL.newMap();
    private ReplicatedMap writer = map;
    private Object delta = map;
    private int key;
    private String value = "";
    private int count;

    /** Fills a map, and makes the second replica of it. */
    @Setup(Level.Trial)
    public void fill() {
        map = contender.newMap();
        map.fill(0, size);
        writer = map.copy();
    }

    /** Makes a delta that wins. */
    @Setup(Level.Invocation)
    public void write() {
        for (int i = 0; i < DELTA; i++) {
            key = random.nextInt(size);
            value = "hello " + ++count;
            writer.write(key, value);
        }
        delta = writer.takeDelta();
    }

    /** Merges it. */
    @Benchmark
    public void merge() {
        map.mergeDelta(delta);
    }

    /** Checks that the merges took place, and frees. */
    @TearDown(Level.Trial)
    public void check() {
        if (map.size() != size || !map.holds(key, value)) {
            throw new IllegalStateException(contender.label() + " has lost an update, or an entry of " + size);
        }
        map.close();
        writer.close();
    }
}
