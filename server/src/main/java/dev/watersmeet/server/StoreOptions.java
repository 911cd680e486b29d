package dev.watersmeet.server;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.embedded.EmbeddedOptions;
import dev.watersmeet.store.embedded.EmbeddedStore;
import dev.watersmeet.store.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of the command that are about the store. */
final class StoreOptions {
    private static final int MIB_BITS = 20;
    private static final Duration CASSANDRA_POLL = Duration.ofMillis(200);
    private static final Duration PURGE_INTERVAL = Duration.ofDays(1);

    /** What keeps the cells. */
    enum Kind {
        /** A folder of this machine. */
        embedded,
        /** The memory of this process: gone when it ends. */
        memory,
        /** A cluster of Apache Cassandra, which other servers may use as well. */
        cassandra,
        /** A cluster of Apache Geode, which other servers may use as well. */
        geode,
        /** An ensemble of Apache ZooKeeper, which other servers may use as well. */
        zookeeper,
        /** A folder that other servers may use as well, and that Apache Drill reads. */
        drill
    }

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "the folder of the embedded store, or of that for Drill",
            defaultValue = "watersmeet-data")
    private Path data = Path.of("");

    @Option(
            names = "--store",
            paramLabel = "KIND",
            description = "what keeps the data: ${COMPLETION-CANDIDATES}",
            defaultValue = "embedded")
    private Kind kind = Kind.embedded;

    @Option(
            names = "--store-memory",
            paramLabel = "MIB",
            description =
                    "the memory of the embedded store outside of the Java heap, half of it for reading, half for writing",
            defaultValue = "128")
    private int memoryMib;

    @Option(
            names = "--backup",
            paramLabel = "FOLDER",
            description = "back the embedded store up to this folder while the server runs, best on another disk")
    private @Nullable Path backup;

    @Option(
            names = "--backup-hours",
            paramLabel = "HOURS",
            description = "the time between two backups",
            defaultValue = "24")
    private int backupHours;

    @Option(names = "--backup-keep", paramLabel = "COUNT", description = "how many backups stay", defaultValue = "7")
    private int backupKeep;

    @Mixin
    private final CassandraConnection cassandra = new CassandraConnection();

    @Mixin
    private final GeodeConnection geode = new GeodeConnection();

    @Mixin
    private final ZooKeeperConnection zookeeper = new ZooKeeperConnection();

    @Mixin
    private final DrillFolder drill = new DrillFolder();

    @Option(
            names = "--poll-millis",
            paramLabel = "MILLIS",
            description = {
                "how often a server looks for what was written through others; with --store=cassandra or drill, if not said, every 200 ms;",
                "with geode, which tells of it, every 2,000 ms"
            })
    private @Nullable Integer pollMillis;

    @Option(
            names = "--purge-days",
            paramLabel = "DAYS",
            description = {
                "once a day, forget what was removed longer ago than this; clients that were away for longer begin anew with a snapshot,",
                "and upload what they still have to send. 0 keeps everything for ever"
            },
            defaultValue = "0")
    private int purgeDays;

    /**
     * Opens the store, and backs it up and purges it if that is asked for.
     *
     * @throws IllegalArgumentException if an option is out of its bounds, or would do nothing
     */
    Store open() {
        refuseUseless();
        requireAtLeast("--purge-days", purgeDays, 0);
        Store store = openKind();
        if (purgeDays > 0) {
            ScheduledPurges.start(store, Duration.ofDays(purgeDays), PURGE_INTERVAL);
        }
        return store;
    }

    /**
     * Writes what the store has as tables for Apache Drill, if that is asked for, until the store is closed.
     *
     * @throws IllegalArgumentException if an option is out of its bounds
     */
    void publish(Store store, Schema schema) {
        drill.publish(store, schema, kind == Kind.drill ? data.resolve("sql") : null);
    }

    /**
     * What the demo page may ask Drill, if there is a Drillbit.
     *
     * @throws IllegalArgumentException if an option is wrong
     */
    Optional<DemoQueries> demoQueries() {
        return drill.demoQueries();
    }

    private void refuseUseless() {
        GivenOptions given = GivenOptions.of(command);
        for (Kind of : List.of(Kind.cassandra, Kind.geode, Kind.zookeeper)) {
            given.refuseUnless(kind == of, "--store=" + of, "--" + of);
        }
        boolean embedded = kind == Kind.embedded;
        given.refuseUnless(embedded || kind == Kind.drill, "--store=embedded or --store=drill", "--data");
        given.refuseUnless(embedded, "--store=embedded", "--store-memory", "--backup");
        given.refuseUnless(backup != null, "--backup", "--backup-");
        given.refuseUnless(
                kind == Kind.cassandra || kind == Kind.geode || kind == Kind.drill,
                "--store=cassandra, --store=geode or --store=drill",
                "--poll-millis");
        drill.refuseUseless(given, kind == Kind.drill);
    }

    private Store openKind() {
        requireAtLeast("--backup-hours", backupHours, 1);
        requireAtLeast("--backup-keep", backupKeep, 1);
        requireAtLeast("--store-memory", memoryMib, 2);
        requireAtLeast("--poll-millis", pollMillis == null ? 1 : pollMillis, 1);
        if (kind == Kind.memory) {
            return MemoryStore.empty();
        }
        @Nullable Duration poll = pollMillis == null ? null : Duration.ofMillis(pollMillis);
        if (kind == Kind.cassandra) {
            return cassandra.open(poll == null ? CASSANDRA_POLL : poll);
        }
        if (kind == Kind.geode) {
            return geode.open(poll);
        }
        if (kind == Kind.zookeeper) {
            return zookeeper.open();
        }
        if (kind == Kind.drill) {
            return drill.open(data, poll);
        }
        long half = ((long) memoryMib << MIB_BITS) / 2;
        EmbeddedStore store = EmbeddedStore.open(data, new EmbeddedOptions(half, half));
        if (backup != null) {
            try {
                ScheduledBackups.start(store, backup, Duration.ofHours(backupHours), backupKeep);
            } catch (RuntimeException e) {
                store.close();
                throw e;
            }
        }
        return store;
    }

    private static void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(option + " is at least " + least + ": " + value);
        }
    }
}
