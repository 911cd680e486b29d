package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has tables compacted by Drill, one at a time, while others are written. Where that fails, the table stays as it is, and it is tried again later. Not thread-safe. */
final class Compactions {
    private static final Logger LOG = LoggerFactory.getLogger(Compactions.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofHours(1);

    private final Path workspace;
    private final PublicationOptions options;
    private final Disk disk;
    private final TimeSource time;
    private final Executor executor;
    private @Nullable Running running;

    /** A compaction that was begun, be it of all there was, or, after a failure, of what was there then. */
    private record Running(
            Table<?> table, Sources from, boolean all, String folder, CompletableFuture<Sources.Part> outcome) {}

    Compactions(Path workspace, PublicationOptions options, Disk disk, TimeSource time, Executor executor) {
        this.workspace = workspace;
        this.options = options;
        this.disk = disk;
        this.time = time;
        this.executor = executor;
    }

    /** The table that is being compacted. */
    @Nullable
    Table<?> table() {
        return running == null ? null : running.table;
    }

    /** Takes what has become ready. */
    void adopt(Tables tables) throws IOException {
        @Nullable Running ended = running;
        if (ended == null || !ended.outcome.isDone()) {
            return;
        }
        running = null;
        try {
            Sources.Part part = ended.outcome.join();
            if (tables.has(ended.table)) {
                tables.compacted(ended.table, ended.from, ended.all, part);
            } else {
                tables.retire(part.folder()); // all was begun anew meanwhile
            }
        } catch (CompletionException | CancellationException e) {
            ended.table.pauseUntil(time.millis() + PAUSE_AFTER_FAILURE.toMillis());
            LOG.warn(
                    "Drill has not compacted {}, which gets longer until it does; it is tried again in {}: {}",
                    ended.folder,
                    PAUSE_AFTER_FAILURE,
                    String.valueOf(e.getCause()));
        }
    }

    /** Begins to compact the table that needs it, if one does. */
    void begin(Tables tables) {
        @Nullable DrillClient drill = options.drill();
        Optional<Table<?>> found = tables.toCompact();
        if (drill == null || running != null || found.isEmpty()) {
            return;
        }
        Table<?> table = found.get();
        List<String> before = table.files.turn();
        Sources all = table.sources(options.schema());
        Sources from = new Sources(
                all.schema(),
                all.base(),
                all.fresh().stream().filter(before::contains).toList(),
                all.fences(),
                all.drops());
        Compaction compaction = new Compaction(
                drill.withTimeout(TIMEOUT),
                workspace,
                options.schema(),
                table.layout.kept(from, since()),
                table.files.folder(),
                table.layout.columns(),
                disk);
        CompletableFuture<Sources.Part> outcome = new CompletableFuture<>();
        running = new Running(table, from, from.fresh().equals(all.fresh()), compaction.folder(), outcome);
        executor.execute(() -> run(compaction, outcome));
    }

    private static void run(Compaction compaction, CompletableFuture<Sources.Part> outcome) {
        try {
            outcome.complete(compaction.run());
        } catch (IOException | RuntimeException e) {
            outcome.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome.cancel(false);
        }
    }

    /** From when on history is kept. */
    private long since() {
        return options.history().isZero()
                ? 0
                : Math.max(0, time.millis() - options.history().toMillis());
    }
}
