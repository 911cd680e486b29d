package dev.watersmeet.store.tck;

import dev.watersmeet.store.Store;

/** What an adapter supplies to the kit: data of its own for one test, at first none, and a way to open the store on it. */
public interface StoreFixture extends AutoCloseable {
    /** Opens the store on this fixture's data. The kit closes it, and may then open it again. */
    Store open();

    /** Whether what was written is there again when the store is opened again. Where not, the tests for it are skipped. */
    boolean durable();

    /** Whether the store may be opened a second time while it is open. Where not, the tests of several instances are skipped, and the second is proven to be refused. */
    boolean shared();

    /** Takes the data away. The store is closed by then. */
    @Override
    void close();
}
