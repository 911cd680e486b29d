package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

class ProcessLogStoreTest extends StoreContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }

    private static final class MemoryFixture implements StoreFixture {
        private final AtomicLong ahead = new AtomicLong();
        private MemoryBackend backend = new MemoryBackend(Limits.ROOMY);

        @Override
        public Store open() {
            return ProcessLogStore.open(backend, ProcessLogOptions.defaults(), this::millis);
        }

        private long millis() {
            return System.currentTimeMillis() + ahead.get();
        }

        @Override
        public Instant instant() throws InterruptedException {
            Thread.sleep(5);
            Instant now = Instant.ofEpochMilli(millis());
            Thread.sleep(5);
            return now;
        }

        @Override
        public boolean moveClock(Duration by) {
            ahead.addAndGet(by.toMillis());
            return true;
        }

        @Override
        public Optional<Runnable> copy() {
            MemoryBackend copy = backend.copy();
            return Optional.of(() -> {
                backend = copy;
                try (Store store = open()) {
                    for (SpaceId space : store.maintenance().spaces(null, 100)) {
                        store.maintenance().renewEpoch(space);
                    }
                }
            });
        }

        @Override
        public void close() {
            // Goes with the test.
        }
    }
}
