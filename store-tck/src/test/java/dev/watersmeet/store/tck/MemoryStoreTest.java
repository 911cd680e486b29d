package dev.watersmeet.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;

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

    @Test
    void aCursorOfNoEpochIsOfNoFormerOneEither() {
        try (Store store = MemoryStore.empty()) {
            assertThat(store.check(SpaceId.of("space"), new Cursor(".4"))).isEqualTo(CursorState.EXPIRED);
        }
    }
}
