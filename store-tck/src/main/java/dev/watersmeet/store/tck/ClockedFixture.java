package dev.watersmeet.store.tck;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A fixture of a store that takes the log's time from a clock that it is handed: {@link #millis}. Thread-safe. */
public abstract class ClockedFixture implements StoreFixture {
    private static final int MOST_SPACES = 100;

    private final AtomicLong ahead = new AtomicLong();

    /** For subclasses. */
    protected ClockedFixture() {}

    /** The clock to open the store with, in Unix milliseconds. */
    protected final long millis() {
        return System.currentTimeMillis() + ahead.get();
    }

    @Override
    public final Instant instant() throws InterruptedException {
        Thread.sleep(5);
        Instant now = Instant.ofEpochMilli(millis());
        Thread.sleep(5);
        return now;
    }

    @Override
    public final boolean moveClock(Duration by) {
        ahead.addAndGet(by.toMillis());
        return true;
    }

    /** Gives every space a new epoch: what has to be done after a copy was put back (S-21). */
    protected final void renewEpochs() {
        try (Store store = open()) {
            List<SpaceId> spaces = store.maintenance().spaces(null, MOST_SPACES);
            spaces.forEach(space -> store.maintenance().renewEpoch(space));
        }
    }
}
