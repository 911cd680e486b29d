package dev.watersmeet.store.tck;

/** The tests of durable and of shared stores, run against a store that outlives its handles. */
class HandleTest extends StoreContract {
    @Override
    protected StoreFixture fixture() {
        return new HandleFixture(Handle::new);
    }
}
