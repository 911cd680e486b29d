package dev.watersmeet.benchmarks.shared;

import static dev.watersmeet.benchmarks.Contender.BARE_APPEND;
import static dev.watersmeet.benchmarks.Contender.BARE_COUNT;
import static dev.watersmeet.benchmarks.Contender.BARE_PARQUET;
import static dev.watersmeet.benchmarks.Contender.DRILL_CTAS;
import static dev.watersmeet.benchmarks.Contender.SAME_QUERY;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET_FRESH;

import dev.watersmeet.benchmarks.OurCells;
import dev.watersmeet.benchmarks.Result;
import dev.watersmeet.benchmarks.Row;
import dev.watersmeet.benchmarks.Row.Better;
import dev.watersmeet.benchmarks.Score;
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
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/** The rows of {@code bin/bench drill}, with their goals: the store in a folder, and its tables on a Drillbit on this machine. */
public final class DrillSuite {
    /** What is compared, and how durable it is. */
    public static final List<String> NOTES = List.of(
            "ingest: eight writers at a time. Ours answers when the batch is on the disk twice, in the log that others follow and merged with the cells, and both are found by other processes. The bare append writes the same bytes once, to a"
                    + " file for each writer, with an fsync for each batch. CREATE TABLE AS has the same cells as rows of a statement, a table for each batch.",
            "view: the median time of a query by REST that filters a field that is in each document, and answers ten rows with a number, a text and an array. Fresh is rows of JSON, as they are in the first seconds; otherwise what Drill has"
                    + " compacted to Parquet. count(*) of these files reads only their ends; \"the same of the bare Parquet\" is the query without the view.",
            "edit-to-select: the median time from when an edit begins to be stored until a query by REST answers it, in a table of 10,000 documents that is published once a second, at random moments. The query alone is what the last of the queries takes.");

    private static final String SCHEMA = "dfs.bench";
    private static final HexFormat HEX = HexFormat.of();

    private final Size size;
    private final Consumer<Result> results;
    private final Path folder;

    /** How much is done. */
    private record Size(int batches, int ctasBatches, int warmUps, int repetitions, int queries) {}

    /**
     * A suite that hands each result out when it is there.
     *
     * @param folder where everything is, on a disk
     */
    public DrillSuite(boolean quick, Consumer<Result> results, Path folder) {
        this.size = quick ? new Size(50, 8, 2, 3, 5) : new Size(200, 24, 5, 7, 21);
        this.results = results;
        this.folder = folder.toAbsolutePath();
    }

    /** Runs all rows. */
    public void run() throws IOException, InterruptedException {
        Path workspace = folder.resolve("workspace");
        try (Drillbit drillbit = Drillbit.startToMeasure(folder.resolve("drillbit"), Map.of("bench", workspace))) {
            DrillClient drill = DrillClient.of(drillbit.uri());
            ingest(drill);
            for (int documents : new int[] {10_000, 100_000}) {
                view(drill, documents, workspace);
            }
            editToSelect(drill, workspace);
        }
    }

    private void ingest(DrillClient drill) {
        AtomicInteger tables = new AtomicInteger();
        try (Store store =
                DrillStore.open(folder.resolve("store"), DrillOptions.defaults().withMaxMemoryBytes(1L << 30))) {
            OurCells cells = new OurCells(store, SpaceId.of("bench"), () -> {});
            double[] rates = Turns.medians(
                    size.warmUps,
                    size.repetitions,
                    List.of(
                            Ingest.of(size.batches, cells::prepare, cells::join),
                            Ingest.of(size.batches, DrillSuite::bytes, this::append)));
            DoubleSupplier tablesOfDrill = Ingest.of(
                    size.ctasBatches, DrillSuite::values, rows -> create(drill, tables.getAndIncrement(), rows));
            double ctas = Turns.medians(size.repetitions, List.of(tablesOfDrill))[0];
            results.accept(new Result(
                    new Row("ingest", "cells/s", Better.MORE, 20, 0.5),
                    List.of(
                            new Score(WATERSMEET, rates[0]),
                            new Score(BARE_APPEND, rates[1]),
                            new Score(DRILL_CTAS, ctas))));
        }
    }

    private static byte[] bytes(List<DocumentCells> batch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        batch.forEach(document -> document.cells().forEach((path, cell) -> {
            out.writeBytes(path.utf8());
            out.writeBytes(CellBytes.of(cell));
        }));
        return out.toByteArray();
    }

    /** Appends to the file of the thread, and waits for the disk. */
    private void append(byte[] bytes) {
        Path file = folder.resolve("bare-" + Thread.currentThread().getId());
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String values(List<DocumentCells> batch) {
        List<String> rows = new ArrayList<>();
        batch.forEach(document -> document.cells()
                .forEach((path, cell) ->
                        rows.add("(" + Sql.literal(document.id().toString()) + ", " + Sql.literal(path.text()) + ", "
                                + Sql.literal(HEX.formatHex(CellBytes.of(cell))) + ")")));
        return rows.stream().collect(Collectors.joining(", "));
    }

    private static void create(DrillClient drill, int number, String rows) {
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
        try (stock) {
            stock.publishFresh();
            double fresh = Turns.medians(size.queries, List.of(latency(stock::ask)))[0];
            stock.compact();
            DoubleSupplier view = latency(stock::ask);
            DoubleSupplier parquet = latency(stock::askParquet);
            DoubleSupplier count = latency(stock::countParquet);
            double[] millis = Turns.medians(size.queries, List.of(view, parquet, count));
            results.accept(new Result(
                    new Row("view-" + documents / 1000 + "k", "ms", Better.LESS, 0, 0),
                    List.of(
                            new Score(WATERSMEET, millis[0]),
                            new Score(BARE_COUNT, millis[2]),
                            new Score(BARE_PARQUET, millis[1]),
                            new Score(WATERSMEET_FRESH, fresh))));
        }
    }

    private void editToSelect(DrillClient drill, Path workspace) throws IOException, InterruptedException {
        Random random = new Random(1);
        try (PublishedStock stock = new PublishedStock("edited", 10_000, drill, SCHEMA, workspace)) {
            stock.publishFresh();
            stock.publishEachSecond();
            String last = stock.edit();
            stock.awaitShown(last);
            DoubleSupplier delay = latency(() -> stock.awaitShown(stock.edit()));
            double[] millis = Turns.medians(
                    size.queries,
                    List.of(
                            () -> {
                                pause(random.nextInt(1000));
                                return delay.getAsDouble();
                            },
                            latency(() -> stock.awaitShown(last))));
            results.accept(new Result(
                    new Row("edit-to-select", "ms", Better.LESS, 0, 0),
                    List.of(new Score(WATERSMEET, millis[0]), new Score(SAME_QUERY, millis[1]))));
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A query that is run. */
    @FunctionalInterface
    private interface Query {
        void run() throws IOException, InterruptedException;
    }

    private static DoubleSupplier latency(Query query) {
        return () -> {
            long start = System.nanoTime();
            try {
                query.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
            return (System.nanoTime() - start) / 1e6;
        };
    }
}
