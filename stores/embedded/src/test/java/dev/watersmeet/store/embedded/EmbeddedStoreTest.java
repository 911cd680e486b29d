package dev.watersmeet.store.embedded;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreContract {
    private final AtomicInteger folders = new AtomicInteger();

    @TempDir
    Path temporary;

    @Override
    protected StoreFixture fixture() {
        Path folder = temporary.resolve("store" + folders.incrementAndGet());
        return new StoreFixture() {
            @Override
            public Store open() {
                return EmbeddedStore.open(folder);
            }

            @Override
            public boolean durable() {
                return true;
            }

            @Override
            public boolean shared() {
                return false;
            }

            @Override
            public void close() {
                // The temporary folder goes with the test.
            }
        };
    }
}
