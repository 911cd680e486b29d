package dev.watersmeet.server;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.drill.DrillOptions;
import dev.watersmeet.store.drill.DrillStore;
import dev.watersmeet.store.drill.Publication;
import dev.watersmeet.store.drill.PublicationOptions;
import dev.watersmeet.store.processlogs.ProcessLogOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the command that are about a folder for Apache Drill. */
final class DrillFolder {
    private static final int MIB_BITS = 20;

    @Option(
            names = "--drill-workspace",
            paramLabel = "FOLDER",
            description = {
                "write documents and cells as tables to this folder, which Apache Drill has as a workspace; with any store.",
                "With --store=drill it is the folder sql in that of --data unless another is named"
            })
    private @Nullable Path workspace;

    @Option(
            names = "--drill-schema",
            paramLabel = "NAME",
            description = "what the workspace is called in queries",
            defaultValue = "dfs.watersmeet")
    private String schemaName = "";

    @Option(
            names = "--drill-publish-millis",
            paramLabel = "MILLIS",
            description = "how often what is new is written for Drill",
            defaultValue = "1000")
    private int publishMillis;

    @Option(
            names = "--drill-memory",
            paramLabel = "MIB",
            description =
                    "how much of the cells --store=drill keeps in memory, at most, in MiB as they are stored: the heap has to hold some three times as much; a space above it is not written to",
            defaultValue = "128")
    private int memoryMib;

    /**
     * Opens the store.
     *
     * @param poll how often it looks for what was written by others; null for five times a second
     */
    Store open(Path data, @Nullable Duration poll) {
        if (memoryMib < 1) {
            throw new IllegalArgumentException("--drill-memory is at least 1: " + memoryMib);
        }
        DrillOptions options = DrillOptions.defaults()
                .withMaxMemoryBytes((long) memoryMib << MIB_BITS)
                .withWaiting(
                        poll == null
                                ? ProcessLogOptions.defaults()
                                : ProcessLogOptions.defaults().withPoll(poll));
        return DrillStore.open(data.resolve("store"), options);
    }

    /**
     * Publishes what a store has, if that is asked for, until it is closed.
     *
     * @param own where to, if no workspace is named; null for not at all
     * @throws IllegalArgumentException if an option is out of its bounds
     */
    void publish(Store store, Schema schema, @Nullable Path own) {
        if (publishMillis < 1) {
            throw new IllegalArgumentException("--drill-publish-millis is at least 1: " + publishMillis);
        }
        @Nullable Path folder = workspace == null ? own : workspace;
        if (folder != null) {
            Publication.start(
                    store,
                    folder,
                    schema,
                    PublicationOptions.defaults()
                            .withSchema(schemaName)
                            .withInterval(Duration.ofMillis(publishMillis)));
        }
    }
}
