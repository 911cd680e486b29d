package dev.watersmeet.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Merges deltas of ten additions each into a set. Each merge has a delta of its own, made outside of the measured time by a second replica.
 *
 * <pre>java -Djmh.ignoreLock=true -cp benchmarks/target/watersmeet-benchmarks.jar org.openjdk.jmh.Main OrSetDelta</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OrSetDeltaBenchmark {
    private static final int ADDITIONS = 10;
    private static final int DELTAS = 32; // enough for the clock's own time not to count

    @Param({"WATERSMEET", "DOT_MAP", "PEKKO"})
    Contender contender = Contender.WATERSMEET;

    @Param("10000")
    int size;

    private final Random random = new Random(1);
    private final List<Object> deltas = new ArrayList<>();
    private ReplicatedSet set = Contender.DOT_MAP.newSet();
    private ReplicatedSet writer = set;
    private List<String> elements = List.of();

    /** Fills a set, and makes the second replica of it. */
    @Setup(Level.Trial)
    public void fill() {
        elements = IntStream.range(0, size).mapToObj(Keys::text).toList();
        set = contender.newSet();
        set.addAll(elements);
        writer = set.copy();
    }

    /** Makes deltas. */
    @Setup(Level.Invocation)
    public void write() {
        deltas.clear();
        for (int delta = 0; delta < DELTAS; delta++) {
            List<String> added = new ArrayList<>(ADDITIONS);
            for (int i = 0; i < ADDITIONS; i++) {
                added.add(elements.get(random.nextInt(size)));
            }
            deltas.add(writer.addAll(added));
        }
    }

    /** Merges them. */
    @Benchmark
    @OperationsPerInvocation(DELTAS)
    public void merge() {
        for (Object delta : deltas) {
            set.mergeDelta(delta);
        }
    }

    /** Checks that a delta brings what was not there. */
    @TearDown(Level.Trial)
    public void check() {
        set.mergeDelta(writer.addAll(List.of("new")));
        if (set.size() != size + 1) {
            throw new IllegalStateException(contender.label() + " has " + set.size() + " elements");
        }
    }
}
