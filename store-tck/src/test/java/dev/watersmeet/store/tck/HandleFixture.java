package dev.watersmeet.store.tck;

import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A store in memory that stays when its handles are closed: durable and shared as far as a test can tell. Its limits are low, and its clock moves only when it is asked for an instant. */
final class HandleFixture implements StoreFixture {
    private static final Limits LIMITS = new Limits(300_000, 450_000, 500_000, 6_000, 40_000);

    private final AtomicLong millis = new AtomicLong(1_000);
    private final Store data = MemoryStore.empty(millis::get, LIMITS);
    private final Function<Store, Store> handles;

    HandleFixture(Function<Store, Store> handles) {
        this.handles = handles;
    }

    @Override
    public Store open() {
        return handles.apply(data);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.incrementAndGet());
    }

    @Override
    public boolean moveClock(Duration by) {
        millis.addAndGet(by.toMillis());
        return true;
    }

    @Override
    public void close() {
        data.close();
    }
}
