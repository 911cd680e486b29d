package dev.watersmeet.benchmarks.shared;

import dev.watersmeet.benchmarks.StoreCells;
import dev.watersmeet.crdt.DocumentCells;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/** New documents, written in batches by several threads. */
final class Ingest {
    private Ingest() {}

    /**
     * Cells a second, each time of other documents.
     *
     * @param prepare makes of a batch what is written; that is not counted
     */
    static <T> DoubleSupplier of(int batches, Function<List<DocumentCells>, T> prepare, Consumer<T> write) {
        AtomicInteger first = new AtomicInteger();
        return () -> write(first.getAndAdd(batches), batches, prepare, write);
    }

    /** Writes batches; cells a second. */
    static <T> double write(int first, int batches, Function<List<DocumentCells>, T> prepare, Consumer<T> write) {
        int documents = StoreCells.BATCH_CELLS / StoreCells.DOCUMENT_CELLS;
        Random random = new Random(first);
        List<T> prepared = IntStream.range(first, first + batches)
                .mapToObj(batch -> prepare.apply(StoreCells.documents(batch * documents, documents, random)))
                .toList();
        return (double) batches * StoreCells.BATCH_CELLS * 1e9 / Writers.run(prepared, write);
    }
}
