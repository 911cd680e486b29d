package dev.watersmeet.benchmarks.shared;

import static dev.watersmeet.benchmarks.Contender.BARE_PUT_ALL;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.benchmarks.OurCells;
import dev.watersmeet.benchmarks.Result;
import dev.watersmeet.benchmarks.Row;
import dev.watersmeet.benchmarks.Row.Better;
import dev.watersmeet.benchmarks.Score;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.geode.cache.Region;
import org.apache.geode.cache.client.ClientCache;
import org.apache.geode.cache.client.ClientCacheFactory;

/** The rows of {@code bin/bench geode}, with their goals: on a locator and two servers, with one redundant copy, all on this machine. */
public final class GeodeSuite {
    /** What is compared, and how durable it is. */
    public static final List<String> NOTES = List.of(
            "Two servers of Geode, each with a heap of 1 GB, in processes of their own on the same machine; regions are partitioned, with one redundant copy, and persistent, for all, and sockets have buffers of 256 KiB, as the store's guide says. Geode acknowledges when both have handed it to the"
                    + " operating system.",
            "Ours writes each batch twice, to the log that others follow and to the documents, which it merges, and reads the control record. Bare putAll writes the same bytes of documents once, and merges nothing. All documents are new.");

    private static final List<String> JVM = List.of("-Xms512m", "-Xmx1g", "-XX:+UseG1GC");
    private static final String BARE = "bare";

    private final boolean quick;
    private final Consumer<Result> results;
    private final Path folder;

    /**
     * A suite that hands each result out when it is there.
     *
     * @param folder where the servers keep their data
     */
    public GeodeSuite(boolean quick, Consumer<Result> results, Path folder) {
        this.quick = quick;
        this.results = results;
        this.folder = folder.toAbsolutePath();
    }

    /** Runs all rows. */
    public void run() throws IOException {
        GeodeSetup setup = GeodeSetup.of(2)
                .withCache(GeodeSetup.FUNCTIONS)
                .withClassPath(ForkedServer.classPathOf(JoinFunction.class))
                .withJvm(JVM);
        try (GeodeCluster cluster = GeodeCluster.start(folder.resolve("geode"), setup)) {
            String[] locator = cluster.locator().split(":", 2);
            try (ClientCache cache = new ClientCacheFactory()
                    .addPoolLocator(locator[0], Integer.parseInt(locator[1]))
                    .set("log-level", "error")
                    .create()) {
                ingest(cache);
            }
            List<String> store = List.of("--store=geode", "--geode-locators=" + cluster.locator());
            LiveRows.measure(folder.resolve("servers"), store, quick, results);
        }
    }

    private void ingest(ClientCache cache) {
        GeodeOptions options = GeodeOptions.defaults();
        try (Store creating = GeodeStore.open(cache, options.withRegions(BARE));
                Store byFunction = GeodeStore.open(cache, options);
                Store byCas = GeodeStore.open(cache, options.usingFunctions(false))) {
            creating.capabilities();
            Region<String, byte[]> region =
                    Objects.requireNonNull(cache.getRegion(StoreRegions.name(BARE, StoreRegions.ENTRY)));
            OurCells function = new OurCells(byFunction, SpaceId.of("function"), () -> {});
            OurCells cas = new OurCells(byCas, SpaceId.of("cas"), () -> {});
            int batches = quick ? 50 : 100;
            double[] rates = Turns.medians(
                    quick ? 2 : 5,
                    quick ? 3 : 7,
                    List.of(
                            Ingest.of(batches, GeodeSuite::bytes, region::putAll),
                            Ingest.of(batches, function::prepare, function::join),
                            Ingest.of(batches, cas::prepare, cas::join)));
            ingest("ingest-function", rates[1], rates[0], 0.5);
            ingest("ingest-cas", rates[2], rates[0], 0.3);
        }
    }

    private void ingest(String name, double ours, double bare, double goal) {
        results.accept(new Result(
                new Row(name, "cells/s", Better.MORE, 0, goal),
                List.of(new Score(WATERSMEET, ours), new Score(BARE_PUT_ALL, bare))));
    }

    /** The bytes of each document, in the form that ours has. */
    private static Map<String, byte[]> bytes(List<DocumentCells> batch) {
        Map<String, byte[]> values = new HashMap<>();
        for (DocumentCells document : batch) {
            TreeMap<byte[], byte[]> parts = new TreeMap<>(Arrays::compareUnsigned);
            document.cells().forEach((path, cell) -> parts.put(path.text().getBytes(UTF_8), CellBytes.of(cell)));
            values.put(document.id().toString(), Layers.layer(1, parts.entrySet()));
        }
        return values;
    }
}
