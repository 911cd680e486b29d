import org.jspecify.annotations.NullMarked;

/** The contract of a store of cells, and the in-memory reference store. */
@NullMarked
module dev.watersmeet.store.spi {
    requires transitive dev.watersmeet.crdt.core;
    requires static transitive org.jspecify;

    exports dev.watersmeet.store;
    exports dev.watersmeet.store.encoding;
    exports dev.watersmeet.store.memory;
}
