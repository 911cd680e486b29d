package dev.watersmeet.benchmarks.shared;

import static dev.watersmeet.benchmarks.Contender.SMALL_STORE;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;

import dev.watersmeet.benchmarks.CellStore;
import dev.watersmeet.benchmarks.Contender;
import dev.watersmeet.benchmarks.OurCells;
import dev.watersmeet.benchmarks.Result;
import dev.watersmeet.benchmarks.Row;
import dev.watersmeet.benchmarks.Row.Better;
import dev.watersmeet.benchmarks.Score;
import dev.watersmeet.benchmarks.StoreCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** The rows of {@code bin/bench cassandra}, and of every other store that several servers share, with their goals. What others do per cell or per document is measured with fewer of them. */
public final class SharedStoreSuite {
    private static final int SMALL_CELLS = 10_000;
    private static final int MILLION_CELLS = 1_000_000;
    private static final int CHANGED_CELLS = 1_000;
    private static final int CHANGES_READINGS = 20;
    private static final double FLAT = 1 / 1.5;

    /** Ours asks twice, for the control record and for the document, so half is what it could reach. */
    private static final double READ_GOAL = 0.4;

    private final Size size;
    private final Consumer<Result> results;
    private final SharedServer server;

    /** How much is done. */
    private record Size(int batches, int slowBatches, int repetitions, int reads) {}

    /** A suite that hands each result out when it is there. */
    public SharedStoreSuite(boolean quick, Consumer<Result> results, SharedServer server) {
        this.size = quick ? new Size(100, 1, 3, 500) : new Size(400, 8, 7, 5_000);
        this.results = results;
        this.server = server;
    }

    /** Runs all rows. */
    public void run() {
        try (Store store = server.open()) {
            ingest(store);
            OurCells small = ours(store, "small");
            fill(small, SMALL_CELLS);
            OurCells large = ours(store, "large");
            fill(large, MILLION_CELLS);
            changes(small, large);
            Contender bare = server.others().get(0);
            try (SharedServer.PlainCells plain = server.open(bare)) {
                fill(plain, MILLION_CELLS);
                scan(large, bare, plain);
                read(large, bare, plain);
            }
        }
    }

    private static OurCells ours(Store store, String space) {
        return new OurCells(store, SpaceId.of(space), () -> {});
    }

    private void ingest(Store store) {
        List<Contender> others = server.others();
        List<SharedServer.PlainCells> opened = new ArrayList<>();
        try {
            List<DoubleSupplier> writes = new ArrayList<>();
            OurCells ours = ours(store, "ingest");
            writes.add(Ingest.of(size.batches, ours::prepare, ours::join));
            for (Contender other : others) {
                SharedServer.PlainCells cells = server.open(other);
                opened.add(cells);
                int batches = other == others.get(0) ? size.batches : size.slowBatches;
                writes.add(Ingest.of(batches, cells::prepare, cells::join));
            }
            double[] rates = Turns.medians(size.repetitions, writes);
            List<Score> scores = new ArrayList<>(List.of(new Score(WATERSMEET, rates[0])));
            for (int i = 0; i < others.size(); i++) {
                scores.add(new Score(others.get(i), rates[i + 1]));
            }
            results.accept(new Result(new Row("ingest", "cells/s", Better.MORE, 10, 0.5), scores));
        } finally {
            opened.forEach(SharedServer.PlainCells::close);
        }
    }

    private static void fill(CellStore cells, int count) {
        int part = SMALL_CELLS / StoreCells.BATCH_CELLS;
        for (int first = 0; first < count / StoreCells.BATCH_CELLS; first += part) {
            Ingest.write(first, part, cells::prepare, cells::join);
        }
    }

    private void changes(OurCells small, OurCells large) {
        double[] rates =
                Turns.medians(size.repetitions, List.of(changes(small, SMALL_CELLS), changes(large, MILLION_CELLS)));
        results.accept(new Result(
                new Row("changes-10k", "cells/s", Better.MORE, 0, 0), List.of(new Score(WATERSMEET, rates[0]))));
        results.accept(new Result(
                new Row("changes-1m", "cells/s", Better.MORE, 0, FLAT),
                List.of(new Score(WATERSMEET, rates[1]), new Score(SMALL_STORE, rates[0]))));
    }

    /** Cells a second, of catching up with a thousand. */
    private static DoubleSupplier changes(OurCells cells, int held) {
        Cursor before = cells.head();
        cells.join(
                cells.prepare(StoreCells.edits(held / StoreCells.DOCUMENT_CELLS, CHANGED_CELLS, 1, new Random(held))));
        return () -> rate(CHANGED_CELLS, CHANGES_READINGS, () -> cells.changes(before));
    }

    private void scan(OurCells ours, Contender bare, SharedServer.PlainCells plain) {
        double[] rates = Turns.medians(
                size.repetitions,
                List.of(() -> rate(MILLION_CELLS, 1, ours::scan), () -> rate(MILLION_CELLS, 1, plain::scan)));
        results.accept(new Result(
                new Row("scan-1m", "cells/s", Better.MORE, 0, 0.5),
                List.of(new Score(WATERSMEET, rates[0]), new Score(bare, rates[1]))));
    }

    /** Cells a second of reading so many, again and again. */
    private static double rate(int cells, int readings, LongSupplier read) {
        long start = System.nanoTime();
        for (int reading = 0; reading < readings; reading++) {
            long found = read.getAsLong();
            if (found != cells) {
                throw new IllegalStateException(found + " cells were read, not " + cells);
            }
        }
        return (double) cells * readings * 1e9 / (System.nanoTime() - start);
    }

    private void read(OurCells ours, Contender bare, SharedServer.PlainCells plain) {
        double[] our = new double[size.reads];
        double[] other = new double[size.reads];
        Random random = new Random(7);
        for (int i = -size.reads / 2; i < size.reads; i++) {
            DocumentId document = StoreCells.id(random.nextInt(MILLION_CELLS / StoreCells.DOCUMENT_CELLS));
            double ofUs = millis(document, ours::read);
            double ofOther = millis(document, plain::read);
            if (i >= 0) { // before, it warms up
                our[i] = ofUs;
                other[i] = ofOther;
            }
        }
        Arrays.sort(our);
        Arrays.sort(other);
        read("read-p50", 0.5, READ_GOAL, our, bare, other);
        read("read-p99", 0.99, 0, our, bare, other);
    }

    private static double millis(DocumentId document, ToLongFunction<DocumentId> read) {
        long start = System.nanoTime();
        long found = read.applyAsLong(document);
        if (found != StoreCells.DOCUMENT_CELLS) {
            throw new IllegalStateException(document + " has " + found + " cells");
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private void read(String name, double part, double goal, double[] our, Contender bare, double[] other) {
        results.accept(new Result(
                new Row(name, "ms", Better.LESS, 0, goal),
                List.of(new Score(WATERSMEET, percentile(our, part)), new Score(bare, percentile(other, part)))));
    }

    private static double percentile(double[] sorted, double part) {
        return sorted[(int) Math.ceil(part * sorted.length) - 1];
    }
}
