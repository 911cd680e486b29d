package dev.watersmeet.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Durable joins. Figures are cells a second. Batches are made before, and come again in turn: the disk writes them anew. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StoreJoinBenchmark {
    private static final int BATCHES = 100;
    private static final int SMALL_BATCHES = 2000;
    private static final int SMALL_CELLS = 5;

    /** How many documents a store for {@link #edits} has. */
    static final int DOCUMENTS = 100_000;

    @Param("WATERSMEET")
    Contender contender = Contender.WATERSMEET;

    @Param("")
    String folder = "";

    private final List<Object> documents = new ArrayList<>();
    private final List<Object> edits = new ArrayList<>();
    private final List<Object> small = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private CellStore store = new NoStore();

    /** Opens the store and makes the batches. */
    @Setup
    public void open() {
        store = contender.openStore(Path.of(folder));
        Random random = new Random(7);
        for (int i = 0; i < BATCHES; i++) {
            int count = StoreCells.BATCH_CELLS / Keys.FIELDS;
            documents.add(store.prepare(StoreCells.documents(DOCUMENTS + i * count, count, random)));
            edits.add(store.prepare(StoreCells.edits(DOCUMENTS, StoreCells.BATCH_CELLS, i + 1, random)));
        }
        for (int i = 0; i < SMALL_BATCHES; i++) {
            small.add(store.prepare(StoreCells.edits(DOCUMENTS, SMALL_CELLS, i + 1, random)));
        }
    }

    /** Closes it. */
    @TearDown
    public void close() {
        store.close();
    }

    private void joinNext(List<Object> batches) {
        store.join(batches.get(Math.floorMod(turn.getAndIncrement(), batches.size())));
    }

    /** Batches of 50 documents, each with ten cells. */
    @Benchmark
    @OperationsPerInvocation(StoreCells.BATCH_CELLS)
    public void documents() {
        joinNext(documents);
    }

    /** Batches of one cell each of 500 documents that have ten. */
    @Benchmark
    @OperationsPerInvocation(StoreCells.BATCH_CELLS)
    public void edits() {
        joinNext(edits);
    }

    /** Many writers with batches of one cell each of five documents. */
    @Benchmark
    @Threads(64)
    @OperationsPerInvocation(SMALL_CELLS)
    public void concurrent() {
        joinNext(small);
    }
}
