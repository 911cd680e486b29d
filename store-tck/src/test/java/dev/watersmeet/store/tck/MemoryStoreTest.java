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
            public void close() {
                // Nothing outlives the store.
            }
        };
    }
}
