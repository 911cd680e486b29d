package dev.watersmeet.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.sync.Principal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An authenticator with a fixed set of tokens: for development, tests and services with a shared secret.
 *
 * <p>Only digests of the tokens are kept, and all of them are compared in constant time: how long an answer takes tells nothing about them.
 */
public final class StaticTokens implements Authenticator {
    private final List<Map.Entry<byte[], Principal>> principalsByDigest;

    private StaticTokens(List<Map.Entry<byte[], Principal>> principalsByDigest) {
        this.principalsByDigest = principalsByDigest;
    }

    /**
     * An authenticator for the given tokens.
     *
     * @param principals the principals by their tokens
     * @throws IllegalArgumentException if a token has other characters than a bearer token may have
     */
    public static StaticTokens of(Map<String, Principal> principals) {
        principals.forEach((token, principal) -> {
            if (!BearerToken.isToken(token)) {
                throw new IllegalArgumentException("the token of " + principal.name()
                        + " has other characters than letters, digits, '-', '.', '_', '~', '+', '/', or is empty");
            }
        });
        return new StaticTokens(principals.entrySet().stream()
                .map(entry -> Map.entry(digest(entry.getKey()), entry.getValue()))
                .toList());
    }

    @Override
    public Optional<Authentication> authenticate(String bearerToken) {
        byte[] digest = digest(bearerToken);
        Principal found = null;
        for (Map.Entry<byte[], Principal> entry : principalsByDigest) {
            if (MessageDigest.isEqual(entry.getKey(), digest)) {
                found = entry.getValue();
            }
        }
        return Optional.ofNullable(found).map(Authentication::of);
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
