package dev.watersmeet.testing.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.watersmeet.auth.jwt.JwtKeys;
import dev.watersmeet.auth.jwt.JwtTokens;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** Bearer tokens: one that was not signed with the key does not stand, and asking never fails. */
final class Tokens {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
    private static final JwtTokens TOKENS = JwtTokens.checkedWith(JwtKeys.secret(SECRET), "watersmeet")
            .spacesClaim("spaces")
            .build();

    private Tokens() {}

    static void check(byte[] input) {
        TOKENS.authenticate(Texts.text(input))
                .ifPresent(found -> assertThat(found.principal().name()).isEqualTo("ann"));
    }

    static List<byte[]> seeds() {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject("ann")
                .audience("watersmeet")
                .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")))
                .claim("spaces", Map.of("shop-*", "write"))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(SECRET));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return List.of(token.serialize().getBytes(US_ASCII), "eyJhbGciOiJub25lIn0.e30.".getBytes(US_ASCII));
    }
}
