package dev.watersmeet.store.tck;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;

class MemoryStoreTest extends StoreContract {
    @Override
    protected StoreFixture fixture() {
        return new StoreFixture() {
            @Override
            public Store open() {
                return MemoryStore.empty();
            }

            @Override
            public boolean durable() {
                return false;
            }

            @Override
            public boolean shared() {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}
