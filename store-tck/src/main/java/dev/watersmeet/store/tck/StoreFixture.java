package dev.watersmeet.store.tck;

import dev.watersmeet.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What an adapter supplies to the kit: data of its own for one test, at first none, and a way to open the store on it. */
public interface StoreFixture extends AutoCloseable {
    /** Opens the store on this fixture's data. The kit closes it, and may then open it again; where the store is shared, also before. */
    Store open();

    /**
     * An instant of the log's time that lies after all that was written so far, and not after anything that will be. Unless this is overridden, it waits a little and asks this process's clock: right where
     * the store takes its time from a clock of this machine.
     */
    default Instant instant() throws InterruptedException {
        Thread.sleep(5);
        Instant now = Instant.now();
        Thread.sleep(5);
        return now;
    }

    /**
     * Moves the clock that the log's time comes from, and with it {@link #instant}.
     *
     * @param by how far ahead; back, where it is negative
     * @return false where a test cannot move it, whose tests are then skipped
     */
    default boolean moveClock(Duration by) {
        return false;
    }

    /**
     * Copies the data, as a backup does; the store is closed.
     *
     * @return what puts the copy back, while the store is closed, by all the steps that the store's documentation asks for, new epochs among them; empty where the data cannot be copied in a test, whose tests are then
     *     skipped
     */
    default Optional<Runnable> copy() {
        return Optional.empty();
    }

    /** Takes the data away. The store is closed by then. */
    @Override
    void close();
}
