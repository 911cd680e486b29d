package dev.watersmeet.benchmarks.shared;

import static dev.watersmeet.benchmarks.Contender.BARE_PUT_ALL;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.benchmarks.OurCells;
import dev.watersmeet.benchmarks.Result;
import dev.watersmeet.benchmarks.Row;
import dev.watersmeet.benchmarks.Row.Better;
import dev.watersmeet.benchmarks.Score;
import dev.watersmeet.benchmarks.StoreCells;
import dev.watersmeet.benchmarks.server.TwoServers;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.geode.GeodeOptions;
import dev.watersmeet.store.geode.GeodeStore;
import dev.watersmeet.store.geode.function.JoinFunction;
import dev.watersmeet.store.geode.function.Layers;
import dev.watersmeet.store.geode.function.StoreRegions;
import dev.watersmeet.testing.forked.ForkedServer;
import dev.watersmeet.testing.geode.GeodeCluster;
import dev.watersmeet.testing.geode.GeodeSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.client.ClientCache;
import org.apache.geode.cache.client.ClientCacheFactory;

/** The rows of {@code bin/bench geode}, with their goals: on a locator and two servers, with one redundant copy, all on this machine. */
public final class GeodeSuite {
    /** What is compared, and how durable it is. */
    public static final List<String> NOTES = List.of(
            "Two servers of Geode, each with a heap of 768 MB, in processes of their own on the same machine; regions are partitioned, with one redundant copy, and persistent, for all. Geode acknowledges when both have handed it to the"
                    + " operating system.",
            "Ours writes each batch twice, to the log that others follow and to the documents, which it merges, and reads the control record. Bare putAll writes the same bytes of documents once, and merges nothing. All documents are new.");

    private static final int HEAP_MEGABYTES = 768;
    private static final String BARE = "bare";

    private final Size size;
    private final Consumer<Result> results;
    private final Path folder;

    /** How much is done. */
    private record Size(int batches, int repetitions, int warmUpEdits, int edits) {}

    /**
     * A suite that hands each result out when it is there.
     *
     * @param folder where the servers keep their data
     */
    public GeodeSuite(boolean quick, Consumer<Result> results, Path folder) {
        this.size = quick ? new Size(50, 1, 200, 200) : new Size(100, 3, 2_000, 1_000);
        this.results = results;
        this.folder = folder.toAbsolutePath();
    }

    /** Runs all rows. */
    public void run() throws IOException {
        GeodeSetup setup = GeodeSetup.of(2)
                .withCache(GeodeSetup.FUNCTIONS)
                .withClassPath(ForkedServer.classPathOf(JoinFunction.class))
                .withHeap(HEAP_MEGABYTES);
        try (GeodeCluster cluster = GeodeCluster.start(folder.resolve("geode"), setup)) {
            String[] locator = cluster.locator().split(":", 2);
            try (ClientCache cache = new ClientCacheFactory()
                    .addPoolLocator(locator[0], Integer.parseInt(locator[1]))
                    .set("log-level", "error")
                    .create()) {
                ingest(cache);
            }
            live(cluster.locator());
        }
    }

    private void ingest(ClientCache cache) {
        double bare;
        try (Store creating = GeodeStore.open(cache, GeodeOptions.defaults().withRegions(BARE))) {
            creating.capabilities();
            Region<String, byte[]> region =
                    Objects.requireNonNull(cache.getRegion(StoreRegions.name(BARE, StoreRegions.ENTRY)));
            bare = rate(GeodeSuite::bytes, batch -> putAll(region, batch));
            region.removeAll(new ArrayList<>(region.keySetOnServer()));
        }
        ingest("ingest-function", cache, GeodeOptions.defaults(), bare, 0.5);
        ingest("ingest-cas", cache, GeodeOptions.defaults().usingFunctions(false), bare, 0.3);
    }

    private void ingest(String name, ClientCache cache, GeodeOptions options, double bare, double goal) {
        SpaceId space = SpaceId.of(name);
        try (Store store = GeodeStore.open(cache, options)) {
            OurCells cells = new OurCells(store, space, () -> {});
            double ours = rate(cells::prepare, cells::join);
            store.maintenance().deleteSpace(space);
            results.accept(new Result(
                    new Row(name, "cells/s", Better.MORE, 0, goal),
                    List.of(new Score(WATERSMEET, ours), new Score(BARE_PUT_ALL, bare))));
        }
    }

    /** Cells a second of several writers, the median of some repetitions after one that only warms up. */
    private double rate(Function<List<DocumentCells>, Object> prepare, Consumer<Object> write) {
        List<Double> rates = new ArrayList<>();
        for (int repetition = 0; repetition <= size.repetitions; repetition++) {
            int documents = StoreCells.BATCH_CELLS / StoreCells.DOCUMENT_CELLS;
            Random random = new Random(repetition);
            int first = repetition * size.batches;
            List<Object> prepared = IntStream.range(first, first + size.batches)
                    .mapToObj(batch -> prepare.apply(StoreCells.documents(batch * documents, documents, random)))
                    .toList();
            double rate = (double) size.batches * StoreCells.BATCH_CELLS * 1e9 / Writers.run(prepared, write);
            if (repetition > 0) {
                rates.add(rate);
            }
        }
        rates.sort(null);
        return rates.get(rates.size() / 2);
    }

    private static Object bytes(List<DocumentCells> batch) {
        Map<String, byte[]> values = new HashMap<>();
        for (DocumentCells document : batch) {
            TreeMap<byte[], byte[]> parts = new TreeMap<>(Arrays::compareUnsigned);
            document.cells().forEach((path, cell) -> parts.put(path.text().getBytes(UTF_8), CellBytes.of(cell)));
            values.put(document.id().toString(), Layers.layer(1, parts.entrySet()));
        }
        return values;
    }

    @SuppressWarnings("unchecked") // as it was prepared
    private static void putAll(Region<String, byte[]> region, Object batch) {
        region.putAll((Map<String, byte[]>) batch);
    }

    private void live(String locator) throws IOException {
        DoubleUnaryOperator millis = TwoServers.measure(
                folder.resolve("servers"),
                List.of("--store=geode", "--geode-locators=" + locator),
                size.warmUpEdits,
                size.edits);
        live("live-p50", millis.applyAsDouble(0.5));
        live("live-p99", millis.applyAsDouble(0.99));
    }

    private void live(String name, double millis) {
        results.accept(new Result(new Row(name, "ms", Better.LESS, 0, 0), List.of(new Score(WATERSMEET, millis))));
    }
}
