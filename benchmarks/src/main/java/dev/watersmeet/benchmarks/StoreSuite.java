package dev.watersmeet.benchmarks;

import static dev.watersmeet.benchmarks.Contender.CELLS;
import static dev.watersmeet.benchmarks.Contender.CELLS_ALONE;
import static dev.watersmeet.benchmarks.Contender.ROCKSDB;
import static dev.watersmeet.benchmarks.Contender.ROCKSDB_DOCUMENTS;
import static dev.watersmeet.benchmarks.Contender.ROCKSDB_READING;
import static dev.watersmeet.benchmarks.Contender.SMALL_STORE;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;

import dev.watersmeet.benchmarks.Row.Better;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;

/** The rows of {@code bin/bench store}, with their goals. Stores are in a folder beside the build, which is deleted. */
final class StoreSuite {
    private static final int MILLION = 1_000_000;
    private static final int FILL_DOCUMENTS = 500;
    private static final double FLAT = 1 / 1.5;

    private final JmhRunner jmh;
    private final Consumer<Result> results;
    private final Path folder;

    /**
     * A suite that hands each result out when it is there.
     *
     * @param folder where the stores are; not there yet
     */
    StoreSuite(JmhRunner jmh, Consumer<Result> results, Path folder) {
        this.jmh = jmh;
        this.results = results;
        this.folder = folder;
    }

    void run() throws IOException {
        Files.createDirectories(folder);
        try {
            join("join-500", "documents", List.of(WATERSMEET, ROCKSDB, ROCKSDB_READING, ROCKSDB_DOCUMENTS));
            join("join-concurrent", "concurrent", List.of(WATERSMEET, ROCKSDB));
            changes();
            scanAndDisk();
            fill(ROCKSDB_READING, MILLION);
            fill(ROCKSDB_DOCUMENTS, MILLION);
            edits();
        } finally {
            Folders.delete(folder);
        }
    }

    private void join(String name, String benchmark, List<Contender> contenders) throws IOException {
        List<Score> scores = new ArrayList<>();
        for (Contender contender : contenders) {
            Path store = folder.resolve(name + contender);
            scores.add(measure("StoreJoinBenchmark." + benchmark, contender, Map.of("folder", store.toString()), 1));
            Folders.delete(store);
        }
        results.accept(new Result(new Row(name, "cells/s", Better.MORE, 0, 0.5), scores));
    }

    private void changes() {
        Score small = changes(10_000);
        results.accept(new Result(new Row("changes-10k", "cells/s", Better.MORE, 0, 0), List.of(small)));
        Score asSmall = new Score(SMALL_STORE, small.value());
        results.accept(new Result(
                new Row("changes-100k", "cells/s", Better.MORE, 0, FLAT), List.of(changes(100_000), asSmall)));
        results.accept(
                new Result(new Row("changes-1m", "cells/s", Better.MORE, 0, FLAT), List.of(changes(MILLION), asSmall)));
    }

    private Score changes(int cells) {
        fill(WATERSMEET, cells);
        return measure(
                "StoreReadBenchmark.changes",
                WATERSMEET,
                Map.of("folder", store(WATERSMEET, cells).toString(), "cells", Integer.toString(cells)),
                StoreReadBenchmark.CHANGED);
    }

    private void scanAndDisk() throws IOException {
        fill(ROCKSDB, MILLION);
        List<Score> scans = new ArrayList<>();
        List<Score> sizes = new ArrayList<>();
        for (Contender contender : List.of(WATERSMEET, ROCKSDB)) {
            Path store = store(contender, MILLION);
            scans.add(measure(
                    "StoreReadBenchmark.scan",
                    contender,
                    Map.of("folder", store.toString(), "cells", Integer.toString(MILLION)),
                    MILLION));
            sizes.add(new Score(contender == ROCKSDB ? CELLS_ALONE : contender, (double) bytes(store) / MILLION));
        }
        results.accept(new Result(new Row("scan-1m", "cells/s", Better.MORE, 0, 0.5), scans));
        sizes.add(new Score(CELLS, StoreCells.CELL_BYTES));
        results.accept(new Result(new Row("disk-1m", "B a cell", Better.LESS, 0, 0.5), sizes));
    }

    private void edits() {
        List<Score> scores = new ArrayList<>();
        for (Contender contender : List.of(WATERSMEET, ROCKSDB, ROCKSDB_READING, ROCKSDB_DOCUMENTS)) {
            scores.add(measure(
                    "StoreJoinBenchmark.edits",
                    contender,
                    Map.of("folder", store(contender, MILLION).toString()),
                    1));
        }
        results.accept(new Result(new Row("edit-500", "cells/s", Better.MORE, 0, 0), scores));
    }

    private Score measure(String benchmark, Contender contender, Map<String, String> params, int times) {
        return jmh.run(
                benchmark,
                contender,
                false,
                params,
                (RunResult result) -> result.getPrimaryResult().getScore() * times);
    }

    private Path store(Contender contender, int cells) {
        return folder.resolve(contender + "-" + cells);
    }

    private void fill(Contender contender, int cells) {
        Random random = new Random(cells);
        try (CellStore store = contender.openStore(store(contender, cells))) {
            for (int first = 0; first < cells / Keys.FIELDS; first += FILL_DOCUMENTS) {
                store.join(store.prepare(StoreCells.documents(first, FILL_DOCUMENTS, random)));
            }
            store.compact();
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
