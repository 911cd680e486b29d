package dev.watersmeet.store.geode;

import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;

/** The kit, where documents are merged by compare-and-set. */
class GeodeStoreTest extends StoreContract {
    @Override
    protected StoreFixture fixture() {
        return new RegionsFixture(GeodeOptions.defaults().usingFunctions(false));
    }
}
