import org.jspecify.annotations.NullMarked;

/** JSON Web Tokens as bearer tokens of the HTTP transport. */
@NullMarked
module dev.watersmeet.auth.jwt {
    requires transitive dev.watersmeet.transport.http;
    requires com.nimbusds.jose.jwt;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.watersmeet.auth.jwt;
}
