package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.HashMap;
import java.util.Map;
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
 * Merging a delta of 100 winning cells into a document state, beside the same on a bare hash map: {@code bin/bench core DocumentMerge}.
 *
 * <p>Each merge has a delta of its own that wins everywhere, so that the work is the same at every call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class DocumentMergeBenchmark {
    private static final int DELTA = 100;
    private static final ReplicaId REPLICA = new ReplicaId(7);
    private static final Value VALUE = Value.of("hello world");

    @Param({"10000", "100000"})
    private int size;

    private DocumentState state = DocumentState.empty();
    private Map<String, Cell> limit = new HashMap<>();
    private Path[] paths = {};
    private long time;

    /** Fills both maps. */
    @Setup(Level.Trial)
    public void fill() {
        state = DocumentState.empty();
        limit = new HashMap<>();
        paths = new Path[size];
        for (int i = 0; i < size; i++) {
            paths[i] = Path.register("todos/" + i + "/f" + i % 10);
            Cell cell = Cell.live(new Stamp(++time, REPLICA), VALUE);
            state.join(paths[i], cell);
            limit.put(paths[i].text(), cell);
        }
    }

    /** Ours. */
    @Benchmark
    public boolean state() {
        DocumentState delta = DocumentState.empty();
        for (int i = 0; i < DELTA; i++) {
            delta.join(paths[i * (size / DELTA)], Cell.live(new Stamp(++time, REPLICA), VALUE));
        }
        return state.join(delta);
    }

    /** The physical limit: the same entries into a bare map, the greater one kept. */
    @Benchmark
    public int hashMap() {
        Map<String, Cell> delta = new HashMap<>();
        for (int i = 0; i < DELTA; i++) {
            delta.put(paths[i * (size / DELTA)].text(), Cell.live(new Stamp(++time, REPLICA), VALUE));
        }
        delta.forEach((path, cell) ->
                limit.merge(path, cell, (mine, theirs) -> theirs.stamp().compareTo(mine.stamp()) > 0 ? theirs : mine));
        return limit.size();
    }
}
