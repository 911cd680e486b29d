import org.jspecify.annotations.NullMarked;

/** The JSON codec of the merge format. */
@NullMarked
module dev.watersmeet.format {
    requires transitive dev.watersmeet.crdt.core;
    requires static transitive org.jspecify;

    exports dev.watersmeet.format;
}
