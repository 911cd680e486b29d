package dev.watersmeet.auth.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.proc.SingleKeyJWSKeySelector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.crypto.spec.SecretKeySpec;

/** The keys that tokens are checked with, and the one algorithm that they are for. Thread-safe. */
public final class JwtKeys {
    /** The least length of a shared secret, in bytes: that of the hash (RFC 7518, 3.2). */
    public static final int MIN_SECRET_BYTES = 32;

    private final JWSKeySelector<SecurityContext> selector;

    private JwtKeys(JWSKeySelector<SecurityContext> selector) {
        this.selector = selector;
    }

    /**
     * A secret that is shared with who issues the tokens, for {@link JwtAlgorithm#HS256}. Which key a token names does not matter.
     *
     * @throws IllegalArgumentException if it is shorter than {@value #MIN_SECRET_BYTES} bytes
     */
    public static JwtKeys secret(byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the secret has at least " + MIN_SECRET_BYTES + " bytes, not " + secret.length);
        }
        return new JwtKeys(new SingleKeyJWSKeySelector<>(JWSAlgorithm.HS256, new SecretKeySpec(secret, "HMAC")));
    }

    /**
     * The keys of a JSON Web Key Set (RFC 7517) in a file, which is read again when it has changed. A set that cannot be read leaves the keys as they were, and is logged.
     *
     * @param algorithm the only one that is accepted, whatever the keys would allow
     * @throws IOException if the file cannot be read now, or has no key for the algorithm; the message says which
     */
    public static JwtKeys file(Path file, JwtAlgorithm algorithm) throws IOException {
        return file(file, algorithm, InstantSource.system());
    }

    static JwtKeys file(Path file, JwtAlgorithm algorithm, InstantSource clock) throws IOException {
        JWSAlgorithm only = algorithm.algorithm();
        return new JwtKeys(new JWSVerificationKeySelector<>(only, JwksFile.open(file, only, clock)));
    }

    JWSKeySelector<SecurityContext> selector() {
        return selector;
    }
}
