package dev.watersmeet.benchmarks.shared;

import static dev.watersmeet.benchmarks.Contender.BARE_APPEND;
import static dev.watersmeet.benchmarks.Contender.DRILL_CTAS;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET_FRESH;

import dev.watersmeet.benchmarks.OurCells;
import dev.watersmeet.benchmarks.Result;
import dev.watersmeet.benchmarks.Row;
import dev.watersmeet.benchmarks.Row.Better;
import dev.watersmeet.benchmarks.Score;
import dev.watersmeet.benchmarks.StoreCells;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.drill.DrillClient;
import dev.watersmeet.store.drill.DrillOptions;
import dev.watersmeet.store.drill.DrillStore;
import dev.watersmeet.store.drill.Sql;
import dev.watersmeet.testing.drill.Drillbit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of {@code bin/bench drill}, with their goals: the store in a folder, and its tables on a Drillbit on this machine. */
public final class DrillSuite {
    /** What is compared, and how durable it is. */
    public static final List<String> NOTES = List.of(
            "ingest: eight writers at a time. Ours answers when the batch is on the disk twice, in the log that others follow and merged with the cells, and both are found by other processes. The bare append writes the same bytes once, to a"
                    + " file for each writer, with an fsync for each batch. CREATE TABLE AS has the same cells as rows of a statement, a table for each batch.",
            "view: the median time of a query by REST that filters a field that is in each document, and answers ten rows. Fresh is rows of JSON, as they are in the first seconds; otherwise what Drill has compacted to Parquet.");

    private static final String SCHEMA = "dfs.bench";
    private static final HexFormat HEX = HexFormat.of();

    private final Size size;
    private final Consumer<Result> results;
    private final Path folder;

    /** How much is done. */
    private record Size(int batches, int ctasBatches, int repetitions, int queries) {}

    /**
     * A suite that hands each result out when it is there.
     *
     * @param folder where everything is, on a disk
     */
    public DrillSuite(boolean quick, Consumer<Result> results, Path folder) {
        this.size = quick ? new Size(50, 8, 3, 5) : new Size(200, 24, 7, 21);
        this.results = results;
        this.folder = folder.toAbsolutePath();
    }

    /** Runs all rows. */
    public void run() throws IOException, InterruptedException {
        Path workspace = folder.resolve("workspace");
        try (Drillbit drillbit = Drillbit.start(folder.resolve("drillbit"), Map.of("bench", workspace), "http", "")) {
            DrillClient drill = DrillClient.of(drillbit.uri());
            ingest(drill);
            for (int documents : new int[] {10_000, 100_000}) {
                view(drill, documents, workspace);
            }
        }
    }

    private void ingest(DrillClient drill) {
        SpaceId space = SpaceId.of("bench");
        List<Double> ours = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        AtomicInteger tables = new AtomicInteger();
        double ctas;
        try (Store store =
                DrillStore.open(folder.resolve("store"), DrillOptions.defaults().withMaxMemoryBytes(1L << 30))) {
            OurCells cells = new OurCells(store, space, () -> {});
            for (int repetition = 0; repetition <= size.repetitions; repetition++) {
                double our = rate(repetition, size.batches, cells::prepare, cells::join);
                double other = rate(repetition, size.batches, DrillSuite::bytes, this::append);
                if (repetition > 0) { // the first one warms up
                    ours.add(our);
                    bare.add(other);
                }
            }
            rate(0, size.ctasBatches, DrillSuite::values, rows -> create(drill, tables.getAndIncrement(), rows));
            ctas = rate(1, size.ctasBatches, DrillSuite::values, rows -> create(drill, tables.getAndIncrement(), rows));
        }
        results.accept(new Result(
                new Row("ingest", "cells/s", Better.MORE, 20, 0.5),
                List.of(
                        new Score(WATERSMEET, median(ours)),
                        new Score(BARE_APPEND, median(bare)),
                        new Score(DRILL_CTAS, ctas))));
    }

    private static double rate(
            int repetition, int batches, Function<List<DocumentCells>, Object> prepare, Consumer<Object> write) {
        int documents = StoreCells.BATCH_CELLS / StoreCells.DOCUMENT_CELLS;
        Random random = new Random(repetition);
        List<Object> prepared = IntStream.range(repetition * batches, (repetition + 1) * batches)
                .mapToObj(batch -> prepare.apply(StoreCells.documents(batch * documents, documents, random)))
                .toList();
        return (double) batches * StoreCells.BATCH_CELLS * 1e9 / Writers.run(prepared, write);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static Object bytes(List<DocumentCells> batch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        batch.forEach(document -> document.cells().forEach((path, cell) -> {
            out.writeBytes(path.utf8());
            out.writeBytes(CellBytes.of(cell));
        }));
        return out.toByteArray();
    }

    /** Appends to the file of the thread, and waits for the disk. */
    private void append(Object bytes) {
        Path file = folder.resolve("bare-" + Thread.currentThread().getId());
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer left = ByteBuffer.wrap((byte[]) bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object values(List<DocumentCells> batch) {
        List<String> rows = new ArrayList<>();
        batch.forEach(document -> document.cells()
                .forEach((path, cell) ->
                        rows.add("(" + Sql.literal(document.id().toString()) + ", " + Sql.literal(path.text()) + ", "
                                + Sql.literal(HEX.formatHex(CellBytes.of(cell))) + ")")));
        return rows.stream().collect(Collectors.joining(", "));
    }

    private static void create(DrillClient drill, int number, Object rows) {
        try {
            drill.run("CREATE TABLE " + Sql.table(SCHEMA, "ctas/t" + number) + " AS SELECT * FROM (VALUES " + rows
                    + ") AS t (doc, path, cell)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void view(DrillClient drill, int documents, Path workspace) throws IOException, InterruptedException {
        PublishedStock stock = new PublishedStock("items" + documents, documents, drill, SCHEMA, workspace);
        double fresh;
        double compacted;
        try (stock) {
            stock.publishFresh();
            fresh = latency(stock);
            stock.compact();
            compacted = latency(stock);
        }
        results.accept(new Result(
                new Row("view-" + documents / 1000 + "k", "ms", Better.LESS, 0, 0),
                List.of(new Score(WATERSMEET, compacted), new Score(WATERSMEET_FRESH, fresh))));
    }

    private double latency(PublishedStock stock) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int query = -2; query < size.queries; query++) { // two that only warm up
            long start = System.nanoTime();
            stock.ask();
            if (query >= 0) {
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }
        return median(millis);
    }
}
