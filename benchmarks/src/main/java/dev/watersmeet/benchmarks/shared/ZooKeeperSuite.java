package dev.watersmeet.benchmarks.shared;

import static dev.watersmeet.benchmarks.Contender.BARE_MULTI;
import static dev.watersmeet.benchmarks.Contender.WATERSMEET;

import dev.watersmeet.benchmarks.OurCells;
import dev.watersmeet.benchmarks.Result;
import dev.watersmeet.benchmarks.Row;
import dev.watersmeet.benchmarks.Row.Better;
import dev.watersmeet.benchmarks.Score;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.zookeeper.Bounds;
import dev.watersmeet.store.zookeeper.ZooKeeperOptions;
import dev.watersmeet.store.zookeeper.ZooKeeperStore;
import dev.watersmeet.testing.zookeeper.Sync;
import dev.watersmeet.testing.zookeeper.ZooKeeperEnsemble;
import dev.watersmeet.testing.zookeeper.ZooKeeperSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryUntilElapsed;

/** The rows of {@code bin/bench zookeeper}, with their goals: on one server on this machine, which syncs its disk. */
public final class ZooKeeperSuite {
    /** What is compared, and how durable it is. */
    public static final List<String> NOTES = List.of(
            "One server of ZooKeeper with a heap of 1 GB, in a process of its own on the same machine, which acknowledges when its disk has what is written; one session for all.",
            "Ours reads the documents of a batch, writes them with the entry of the log and the space's head, and writes batches together that wait. Bare multi() writes the same documents and the same entry, each batch by itself, and reads"
                    + " and merges nothing. All documents are new.");

    private static final List<String> JVM = List.of("-Xms512m", "-Xmx1g", "-XX:+UseG1GC");

    private final boolean quick;
    private final Consumer<Result> results;
    private final Path folder;

    /**
     * A suite that hands each result out when it is there.
     *
     * @param folder where the servers keep their data
     */
    public ZooKeeperSuite(boolean quick, Consumer<Result> results, Path folder) {
        this.quick = quick;
        this.results = results;
        this.folder = folder.toAbsolutePath();
    }

    /** Runs all rows. */
    public void run() throws IOException {
        ZooKeeperSetup setup = ZooKeeperSetup.of(1, Sync.FORCED).withJvm(JVM);
        try (ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start(folder.resolve("zookeeper"), setup)) {
            String address = ensemble.connectString();
            try (CuratorFramework client =
                    CuratorFrameworkFactory.newClient(address, new RetryUntilElapsed(10_000, 100))) {
                client.start();
                ingest(client);
            }
            List<String> store = List.of("--store=zookeeper", "--zookeeper=" + address, "--zookeeper-world-writable");
            LiveRows.measure(folder.resolve("servers"), store, quick, results);
        }
    }

    private void ingest(CuratorFramework client) {
        ZooKeeperOptions options = ZooKeeperOptions.defaults().worldWritable().withBounds(roomy());
        try (Store store = ZooKeeperStore.open(client, options)) {
            BareMulti bare = new BareMulti(client);
            OurCells ours = new OurCells(store, SpaceId.of("ingest"), () -> {});
            int batches = quick ? 50 : 100;
            double[] rates = Turns.medians(
                    quick ? 2 : 5,
                    quick ? 3 : 9,
                    List.of(
                            Ingest.of(batches, BareMulti::prepare, bare::write),
                            Ingest.of(batches, ours::prepare, ours::join)));
            results.accept(new Result(
                    new Row("ingest", "cells/s", Better.MORE, 0, 0.5),
                    List.of(new Score(WATERSMEET, rates[1]), new Score(BARE_MULTI, rates[0]))));
            store.maintenance().deleteSpace(SpaceId.of("ingest"));
        }
    }

    /** The usual, with room for all that is written. */
    private static Bounds roomy() {
        Bounds usual = Bounds.defaults();
        return new Bounds(usual.spaces(), 100_000, usual.replicas(), 256L << 20, usual.logEntries(), usual.logBytes());
    }
}
