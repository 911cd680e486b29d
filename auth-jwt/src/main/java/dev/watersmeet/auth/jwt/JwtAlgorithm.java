package dev.watersmeet.auth.jwt;

import com.nimbusds.jose.JWSAlgorithm;

/** How tokens are signed (RFC 7518, 3.1). One is fixed by the configuration; what a token says of itself only has to agree. */
public enum JwtAlgorithm {
    /** HMAC with SHA-256: whoever can check a token can also issue one. */
    HS256,
    /** RSA signatures with SHA-256. */
    RS256,
    /** Signatures on the curve P-256 with SHA-256. */
    ES256;

    JWSAlgorithm algorithm() {
        return JWSAlgorithm.parse(name());
    }
}
