import org.jspecify.annotations.NullMarked;

/** The codec of the merge format, in JSON and in its binary form. */
@NullMarked
module dev.watersmeet.format {
    requires transitive dev.watersmeet.crdt.core;
    requires static transitive org.jspecify;

    exports dev.watersmeet.format;
}
