package dev.watersmeet.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Who issues tokens: one key of one kind. */
record Issuer(JWK key, JWSAlgorithm algorithm) {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final String AUDIENCE = "watersmeet";

    static Issuer of(JwtAlgorithm algorithm, String keyId) {
        try {
            return new Issuer(
                    switch (algorithm) {
                        case HS256 ->
                            new OctetSequenceKeyGenerator(256).keyID(keyId).generate();
                        case RS256 -> new RSAKeyGenerator(2048).keyID(keyId).generate();
                        case ES256 ->
                            new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
                    },
                    algorithm.algorithm());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The claims of a token that stands for five minutes. */
    static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject("ann")
                .audience(AUDIENCE)
                .issuer("https://id.example.org")
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(300)));
    }

    String token(JWTClaimsSet.Builder claims) {
        return token(
                new JWSHeader.Builder(algorithm)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
    }

    String token(JWSHeader header, JWTClaimsSet.Builder claims) {
        try {
            SignedJWT token = new SignedJWT(header, claims.build());
            token.sign(signer());
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private JWSSigner signer() throws JOSEException {
        if (key instanceof RSAKey rsa) {
            return new RSASSASigner(rsa);
        }
        return key instanceof ECKey curve ? new ECDSASigner(curve) : new MACSigner((OctetSequenceKey) key);
    }

    byte[] secret() {
        return ((OctetSequenceKey) key).toByteArray();
    }

    /** A set of keys as it stands in a file: public keys, and the shared ones as they are. */
    static String keySet(Issuer... issuers) {
        List<JWK> keys = List.of(issuers).stream()
                .map(issuer -> issuer.key instanceof OctetSequenceKey ? issuer.key : issuer.key.toPublicJWK())
                .toList();
        return new JWKSet(keys).toString(false);
    }
}
