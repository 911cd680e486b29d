package dev.watersmeet.server;

import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Purges that a running server does by itself: what was removed long ago goes from all spaces, and their logs become short again. */
final class ScheduledPurges {
    private static final Logger log = LoggerFactory.getLogger(ScheduledPurges.class);
    private static final int SPACES = 1000;

    private ScheduledPurges() {}

    /**
     * Purges after each interval.
     *
     * @param keep for how long what was removed stays
     */
    static void start(Store store, Duration keep, Duration every) {
        Scheduled.start("purge", every, () -> purge(store, keep, Clock.systemUTC()));
    }

    /** Purges all spaces. */
    static void purge(Store store, Duration keep, Clock clock) {
        Maintenance maintenance = store.maintenance();
        @Nullable SpaceId last = null;
        List<SpaceId> spaces = maintenance.spaces(null, SPACES);
        while (!spaces.isEmpty()) {
            for (SpaceId space : spaces) {
                last = space;
                Purged purged = maintenance.purge(space, clock.instant().minus(keep));
                if (purged.cells() > 0) {
                    log.info(
                            "{} cells and {} deleted documents of a space were purged",
                            purged.cells(),
                            purged.documents());
                }
            }
            spaces = maintenance.spaces(last, SPACES);
        }
    }
}
