package dev.watersmeet.store.tck;

import dev.watersmeet.store.Store;
import java.util.function.Function;

/** A store in memory that stays when its handles are closed: durable and shared as far as a test can tell. */
final class HandleFixture implements StoreFixture {
    private final Store data;
    private final Function<Store, Store> handles;

    HandleFixture(Store data, Function<Store, Store> handles) {
        this.data = data;
        this.handles = handles;
    }

    @Override
    public Store open() {
        return handles.apply(data);
    }

    @Override
    public boolean durable() {
        return true;
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public void close() {
        data.close();
    }
}
