package dev.watersmeet.server;

import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

    /** Purges all spaces. One that cannot be purged now is left for the next time: others on the same store may be purging it. */
    static void purge(Store store, Duration keep, Clock clock) {
        Maintenance maintenance = store.maintenance();
        @Nullable SpaceId last = null;
        List<SpaceId> spaces = maintenance.spaces(null, SPACES);
        while (!spaces.isEmpty()) {
            for (SpaceId space : spaces) {
                last = space;
                purge(maintenance, space, clock.instant().minus(keep));
            }
            spaces = maintenance.spaces(last, SPACES);
        }
    }

    private static void purge(Maintenance maintenance, SpaceId space, Instant before) {
        try {
            Purged purged = maintenance.purge(space, before);
            if (purged.cells() > 0) {
                log.info(
                        "{} cells and {} deleted documents of a space were purged", purged.cells(), purged.documents());
            }
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.CLOSED) {
                throw e;
            }
            log.warn("the space {} could not be purged, which is tried again the next time", space, e);
        }
    }
}
