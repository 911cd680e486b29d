import org.jspecify.annotations.NullMarked;

/** Stamps, clocks, cells, types and documents as pure values whose merge is a join. */
@NullMarked
module dev.watersmeet.crdt.core {
    requires static transitive org.jspecify;

    exports dev.watersmeet.crdt;
}
