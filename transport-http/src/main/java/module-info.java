import org.jspecify.annotations.NullMarked;

/** The servlet that speaks the merge format over HTTP. */
@NullMarked
module dev.watersmeet.transport.http {
    requires transitive dev.watersmeet.sync.engine;
    requires dev.watersmeet.format;
    requires com.github.benmanes.caffeine;
    requires io.github.bucket4j.core;
    requires java.net.http;
    requires org.slf4j;
    requires static transitive jakarta.servlet;
    requires static transitive org.jspecify;

    exports dev.watersmeet.transport.http;
}
