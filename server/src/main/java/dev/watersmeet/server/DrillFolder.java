package dev.watersmeet.server;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.drill.DrillClient;
import dev.watersmeet.store.drill.DrillOptions;
import dev.watersmeet.store.drill.DrillStore;
import dev.watersmeet.store.drill.Publication;
import dev.watersmeet.store.drill.PublicationOptions;
import dev.watersmeet.store.processlogs.ProcessLogOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
            names = "--drill-url",
            paramLabel = "URL",
            description = {
                "a Drillbit, like http://127.0.0.1:8047, that has the workspace, and may write to it: it compacts the tables, so that they are read faster and the history ends;",
                "the demo page asks it as well. For https its certificate is checked with the Java trust store"
            })
    private @Nullable URI drillbit;

    @Option(
            names = "--drill-password-file",
            paramLabel = "FILE",
            description = "a file with USER:PASSWORD for the Drillbit, by its mechanism BASIC")
    private @Nullable Path passwordFile;

    @Option(
            names = "--drill-history-days",
            paramLabel = "DAYS",
            description =
                    "for how long the tables tell what was written over; it goes when they are compacted, by --drill-url. 0 keeps it for ever",
            defaultValue = "365")
    private int historyDays;

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
     * Refuses options that would do nothing.
     *
     * @param store whether this is what keeps the data
     * @throws IllegalArgumentException if one was given in vain
     */
    void refuseUseless(GivenOptions given, boolean store) {
        given.refuseUnless(store, "--store=drill", "--drill-memory");
        given.refuseUnless(drillbit != null, "--drill-url", "--drill-password-file", "--drill-history-days");
        given.refuseUnless(
                store || workspace != null,
                "a folder that the Drillbit reads: --drill-workspace, or --store=drill",
                "--drill-");
    }

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
        if (historyDays < 0) {
            throw new IllegalArgumentException("--drill-history-days is at least 0: " + historyDays);
        }
        @Nullable Path folder = workspace == null ? own : workspace;
        if (folder != null) {
            PublicationOptions options = PublicationOptions.defaults()
                    .withSchema(schemaName)
                    .withHistory(Duration.ofDays(historyDays))
                    .withInterval(Duration.ofMillis(publishMillis));
            @Nullable DrillClient drill = client();
            Publication.start(store, folder, schema, drill == null ? options : options.withDrill(drill));
        }
    }

    /**
     * What the demo page may ask.
     *
     * @throws IllegalArgumentException if an option is wrong
     */
    Optional<DemoQueries> demoQueries() {
        return Optional.ofNullable(client()).map(drill -> new DemoQueries(drill, schemaName));
    }

    private @Nullable DrillClient client() {
        if (drillbit == null) {
            return null;
        }
        DrillClient drill = DrillClient.of(drillbit);
        if (passwordFile == null) {
            return drill;
        }
        try {
            String text = Files.readString(passwordFile).strip();
            int colon = text.indexOf(':');
            if (colon < 1 || text.indexOf('\n') >= 0) {
                throw new IllegalArgumentException(
                        "--drill-password-file has one line, USER:PASSWORD: " + passwordFile);
            }
            return drill.as(text.substring(0, colon), text.substring(colon + 1));
        } catch (IOException e) {
            throw new IllegalArgumentException("--drill-password-file cannot be read: " + passwordFile, e);
        }
    }
}
