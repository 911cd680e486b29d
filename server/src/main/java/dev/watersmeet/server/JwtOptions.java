package dev.watersmeet.server;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.auth.jwt.JwtAlgorithm;
import dev.watersmeet.auth.jwt.JwtKeys;
import dev.watersmeet.auth.jwt.JwtTokens;
import dev.watersmeet.transport.http.Authenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about JSON Web Tokens. */
final class JwtOptions {
    private static final long MAX_SECRET_BYTES = 4_096;

    @Option(
            names = "--jwt-keys",
            paramLabel = "FILE",
            description = "a JSON Web Key Set that tokens are checked with; read again when it changes")
    private @Nullable Path keys;

    @Option(
            names = "--jwt-algorithm",
            paramLabel = "ALGORITHM",
            description = "the only algorithm of tokens: ${COMPLETION-CANDIDATES}; RS256 with --jwt-keys unless set")
    private @Nullable JwtAlgorithm algorithm;

    @Option(
            names = "--jwt-secret-file",
            paramLabel = "FILE",
            description =
                    "in the place of --jwt-keys: a file with the shared secret of HS256, 32 bytes or more; a line break at its end does not count")
    private @Nullable Path secret;

    @Option(
            names = "--jwt-audience",
            paramLabel = "NAME",
            description = "the audience that tokens have to be for; required with keys or a secret")
    private @Nullable String audience;

    @Option(names = "--jwt-issuer", paramLabel = "NAME", description = "the issuer that tokens have to be from")
    private @Nullable String issuer;

    @Option(
            names = "--jwt-spaces-claim",
            paramLabel = "CLAIM",
            description =
                    "the claim that holds \"read\" or \"write\" by the names of spaces; without this option whoever has a token may write in every space")
    private @Nullable String spacesClaim;

    @Option(
            names = "--jwt-clock-skew",
            paramLabel = "SECONDS",
            description = "by how much clocks may differ",
            defaultValue = "60")
    private int clockSkew;

    /**
     * The authenticator that the options ask for; empty if they ask for none.
     *
     * @throws IllegalArgumentException if they contradict each other
     * @throws IOException if a file cannot be used; the message says why, and shows nothing of it
     */
    Optional<Authenticator> authenticator() throws IOException {
        if (keys == null && secret == null) {
            if (algorithm != null || audience != null || issuer != null || spacesClaim != null) {
                throw new IllegalArgumentException("tokens need --jwt-keys or --jwt-secret-file");
            }
            return Optional.empty();
        }
        if (audience == null) {
            throw new IllegalArgumentException("tokens need a --jwt-audience");
        }
        JwtTokens.Builder tokens = JwtTokens.checkedWith(jwtKeys(), audience).clockSkew(Duration.ofSeconds(clockSkew));
        if (issuer != null) {
            tokens.issuer(issuer);
        }
        if (spacesClaim != null) {
            tokens.spacesClaim(spacesClaim);
        }
        return Optional.of(tokens.build());
    }

    private JwtKeys jwtKeys() throws IOException {
        if (secret == null) {
            return JwtKeys.file(requireNonNull(keys), algorithm == null ? JwtAlgorithm.RS256 : algorithm);
        }
        if (keys != null) {
            throw new IllegalArgumentException("tokens have either --jwt-keys or a --jwt-secret-file");
        }
        if (algorithm != null && algorithm != JwtAlgorithm.HS256) {
            throw new IllegalArgumentException("a --jwt-secret-file is for HS256, not " + algorithm);
        }
        return JwtKeys.secret(secret(secret));
    }

    private static byte[] secret(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " is not there, or cannot be read");
        }
        if (Files.size(file) > MAX_SECRET_BYTES) {
            throw new IOException(file + " has more than " + MAX_SECRET_BYTES + " bytes");
        }
        byte[] bytes = Files.readAllBytes(file);
        int length = bytes.length;
        while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
            length--;
        }
        return Arrays.copyOf(bytes, length);
    }
}
