package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.ClockedFixture;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.util.Optional;

class ProcessLogStoreTest extends StoreContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }

    private static final class MemoryFixture extends ClockedFixture {
        private MemoryBackend backend = new MemoryBackend(Limits.ROOMY);

        @Override
        public Store open() {
            return ProcessLogStore.open(backend, ProcessLogOptions.defaults(), this::millis);
        }

        @Override
        public Optional<Runnable> copy() {
            MemoryBackend copy = backend.copy();
            return Optional.of(() -> {
                backend = copy;
                renewEpochs();
            });
        }

        @Override
        public void close() {
            // Goes with the test.
        }
    }
}
