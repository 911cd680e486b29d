package dev.watersmeet.store.geode;

import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The kit, where documents are merged by compare-and-set. */
@EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
class GeodeStoreTest extends StoreContract {
    @Override
    protected StoreFixture fixture() {
        return new RegionsFixture(GeodeOptions.defaults().usingFunctions(false));
    }
}
