package dev.watersmeet.benchmarks;

import dev.watersmeet.store.Cursor;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reading a store of a given size: what was written last, and everything. Figures are calls a second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StoreReadBenchmark {
    /** How many cells are written after the cursor of {@link #changes}. */
    static final int CHANGED = 1000;

    @Param("WATERSMEET")
    Contender contender = Contender.WATERSMEET;

    @Param("")
    String folder = "";

    @Param("10000")
    int cells;

    private CellStore store = new NoStore();
    private Cursor before = new Cursor("none");

    /** Opens the store, and edits some of its documents if it is ours. */
    @Setup
    public void open() {
        store = contender.openStore(Path.of(folder));
        if (store instanceof OurCells ours) {
            before = ours.head();
            int documents = cells / Keys.FIELDS;
            Random random = new Random(7);
            for (int first = 0; first < CHANGED; first += StoreCells.BATCH_CELLS) {
                store.join(store.prepare(StoreCells.edits(documents, StoreCells.BATCH_CELLS, first + 1, random)));
            }
        }
    }

    /** Closes it. */
    @TearDown
    public void close() {
        store.close();
    }

    /** Catches up with the last 1,000 cells. */
    @Benchmark
    public long changes() {
        return ((OurCells) store).changes(before);
    }

    /** Reads everything. */
    @Benchmark
    public long scan() {
        long found = store.scan();
        if (found != cells) {
            throw new IllegalStateException(contender.label() + " found " + found + " cells, not " + cells);
        }
        return found;
    }
}
