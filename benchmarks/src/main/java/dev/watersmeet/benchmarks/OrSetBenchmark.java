package dev.watersmeet.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Copies a set and merges another one into the copy, half of the elements being in both; and adds to a set, whose additions are renewed so that it keeps its size.
 *
 * <pre>java -Djmh.ignoreLock=true -cp benchmarks/target/watersmeet-benchmarks.jar org.openjdk.jmh.Main OrSetBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OrSetBenchmark {
    @Param({"WATERSMEET", "DOT_MAP", "PEKKO"})
    Contender contender = Contender.WATERSMEET;

    @Param("10000")
    int size;

    private ReplicatedSet one = Contender.DOT_MAP.newSet();
    private ReplicatedSet two = one;
    private ReplicatedSet added = one;
    private List<String> elements = List.of();
    private int next;

    /** Fills the sets. */
    @Setup
    public void fill() {
        elements = IntStream.range(0, size + size / 2).mapToObj(Keys::text).toList();
        one = contender.newSet();
        one.addAll(elements.subList(0, size));
        two = contender.newSet();
        two.addAll(elements.subList(size / 2, elements.size()));
        added = one.copy();
    }

    /** Copies, merges, and counts what came out. */
    @Benchmark
    public int full() {
        ReplicatedSet merged = one.copy();
        merged.merge(two);
        if (merged.size() != elements.size()) {
            throw new IllegalStateException(contender.label() + " has " + merged.size() + " elements");
        }
        return merged.size();
    }

    /** Adds; the delta of it is the result. */
    @Benchmark
    public Object add() {
        next = next == size - 1 ? 0 : next + 1;
        return added.add(elements.get(next));
    }
}
