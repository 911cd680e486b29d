package dev.watersmeet.server;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.embedded.Backup;
import dev.watersmeet.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Backups that a running server takes by itself: the first when it starts, which tells early that the folder is no good. */
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
        Scheduled.start("backup", every, () -> backUp(store, folder, keep));
    }

    private static void backUp(EmbeddedStore store, Path folder, int keep) {
        Backup backup = store.backUp(folder, keep);
        log.info("backup {} is in {}: {} bytes", backup.number(), folder, backup.bytes());
    }
}
