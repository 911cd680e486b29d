package dev.watersmeet.store.geode;

import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;

/** The kit, where documents are merged on the servers. */
class GeodeStoreWithFunctionsTest extends StoreContract {
    @Override
    protected StoreFixture fixture() {
        return new RegionsFixture(GeodeOptions.defaults());
    }
}
