package dev.watersmeet.server;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.embedded.Backup;
import dev.watersmeet.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Backups that a running server takes by itself: the first when it starts, which tells early that the folder is no good. One that fails is logged, and the next is tried in its time; the store's closing ends them. */
final class ScheduledBackups {
    private static final Logger log = LoggerFactory.getLogger(ScheduledBackups.class);

    private ScheduledBackups() {}

    /**
     * Takes a backup, and then one after each interval.
     *
     * @throws StoreException if the first fails
     */
    static void start(EmbeddedStore store, Path folder, Duration every, int keep) {
        backUp(store, folder, keep);
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "watersmeet-backup");
            made.setDaemon(true);
            return made;
        });
        Runnable next = () -> {
            try {
                backUp(store, folder, keep);
            } catch (RuntimeException e) {
                if (e instanceof StoreException refusal && refusal.kind() == StoreException.Kind.CLOSED) {
                    thread.shutdown();
                } else {
                    log.error("no backup was taken", e);
                }
            }
        };
        ScheduledFuture<?> unused =
                thread.scheduleAtFixedRate(next, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void backUp(EmbeddedStore store, Path folder, int keep) {
        Backup backup = store.backUp(folder, keep);
        log.info("backup {} is in {}: {} bytes", backup.number(), folder, backup.bytes());
    }
}
