import org.jspecify.annotations.NullMarked;

/** A replica for JVM programs. */
@NullMarked
module dev.watersmeet.client {
    requires transitive dev.watersmeet.crdt.core;
    requires transitive java.net.http;
    requires transitive dev.watersmeet.format;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.watersmeet.client;
}
