import org.jspecify.annotations.NullMarked;

/** Push, pull, watch, access and limits over any store. */
@NullMarked
module dev.watersmeet.sync.engine {
    requires transitive dev.watersmeet.crdt.core;
    requires transitive dev.watersmeet.store.spi;
    requires transitive dev.watersmeet.format;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.watersmeet.sync;
}
