package dev.watersmeet.auth.jwt;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.watersmeet.sync.Grants;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.transport.http.Authentication;
import dev.watersmeet.transport.http.Authenticator;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An authenticator of signed JSON Web Tokens. Thread-safe.
 *
 * <p>A token stands if it is signed with one of the keys, by the configured algorithm and no other; is meant for the configured audience, and issued by the configured issuer if there is one; has an expiry that
 * is not over, and a beginning that is, if it has one, give or take the clock skew; and names a subject, who becomes the principal. Why another one does not stand is logged at the level {@code debug}, and told nobody.
 *
 * <pre>{@code
 * JwtTokens.checkedWith(JwtKeys.file(Path.of("jwks.json"), JwtAlgorithm.RS256), "watersmeet")
 *         .issuer("https://id.example.org")
 *         .spacesClaim("spaces")
 *         .build();
 * }</pre>
 */
public final class JwtTokens implements Authenticator {
    /** By how much clocks may differ, unless it is set otherwise. */
    public static final Duration DEFAULT_CLOCK_SKEW = Duration.ofSeconds(60);

    /** The greatest length of a token. */
    public static final int MAX_TOKEN_CHARACTERS = 16_384;

    private static final Logger log = LoggerFactory.getLogger(JwtTokens.class);

    /** The type of access tokens (RFC 9068). */
    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

    private final DefaultJWTProcessor<SecurityContext> processor;
    private final Duration clockSkew;
    private final @Nullable String spacesClaim;
    private final Predicate<String> revoked;

    private JwtTokens(Builder builder) {
        this.clockSkew = builder.clockSkew;
        this.spacesClaim = builder.spacesClaim;
        this.revoked = builder.revoked;
        this.processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
        processor.setJWSKeySelector(builder.keys.selector());
        processor.setJWTClaimsSetVerifier(
                new Claims(builder.audience, builder.issuer, Math.toIntExact(clockSkew.toSeconds()), builder.clock));
    }

    /**
     * Begins to build an authenticator.
     *
     * @param keys that tokens are signed with
     * @param audience the name of this server among those that the issuer issues tokens for: without it a token for any of them would open this one
     */
    public static Builder checkedWith(JwtKeys keys, String audience) {
        return new Builder(keys, audience);
    }

    @Override
    public Optional<Authentication> authenticate(String bearerToken) {
        if (bearerToken.length() > MAX_TOKEN_CHARACTERS) {
            log.debug("a token has {} characters, which is above {}", bearerToken.length(), MAX_TOKEN_CHARACTERS);
            return Optional.empty();
        }
        try {
            // Parsed as signed, so that one without a signature, or an encrypted one, is none.
            JWTClaimsSet claims = processor.process(SignedJWT.parse(bearerToken), null);
            if (claims.getJWTID() != null && revoked.test(claims.getJWTID())) {
                log.debug("a token was revoked");
                return Optional.empty();
            }
            Instant expires = claims.getExpirationTime().toInstant().plus(clockSkew);
            return Optional.of(new Authentication(new Principal(claims.getSubject(), grants(claims)), expires));
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
            log.debug("a token does not stand: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private Grants grants(JWTClaimsSet claims) {
        return spacesClaim == null
                ? Grants.everything()
                : SpacesClaim.grants(spacesClaim, claims.getClaim(spacesClaim));
    }

    /** Builds an authenticator. */
    public static final class Builder {
        private final JwtKeys keys;
        private final String audience;
        private Duration clockSkew = DEFAULT_CLOCK_SKEW;
        private Predicate<String> revoked = id -> false;
        private InstantSource clock = InstantSource.system();
        private @Nullable String issuer;
        private @Nullable String spacesClaim;

        private Builder(JwtKeys keys, String audience) {
            this.keys = requireNonNull(keys);
            this.audience = named("audience", audience);
        }

        /** Who has to have issued the tokens, as their {@code iss} says. */
        public Builder issuer(String name) {
            this.issuer = named("issuer", name);
            return this;
        }

        /**
         * By how much clocks may differ.
         *
         * @throws IllegalArgumentException if it is less than nothing or more than ten minutes
         */
        public Builder clockSkew(Duration most) {
            if (most.isNegative() || most.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("the clock skew is from 0 s to 600 s, not " + most);
            }
            this.clockSkew = most;
            return this;
        }

        /**
         * The claim that says what a token grants: an object of {@code "read"} or {@code "write"} by the names of spaces, or by beginnings of names with {@code *} after them. A token without it then grants
         * nothing. Without this call all tokens grant everything that the engine's {@code Access} allows.
         */
        public Builder spacesClaim(String name) {
            this.spacesClaim = named("claim of spaces", name);
            return this;
        }

        /** Which tokens no longer stand though they have not expired, by their ids ({@code jti}). Asked for each request and with each heartbeat of a live feed, so it answers fast. */
        public Builder revoked(Predicate<String> ids) {
            this.revoked = requireNonNull(ids);
            return this;
        }

        /** The clock, for tests. */
        public Builder clock(InstantSource source) {
            this.clock = requireNonNull(source);
            return this;
        }

        /** The authenticator. */
        public JwtTokens build() {
            return new JwtTokens(this);
        }

        private static String named(String what, String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("the " + what + " of tokens has a name");
            }
            return name;
        }
    }
}
