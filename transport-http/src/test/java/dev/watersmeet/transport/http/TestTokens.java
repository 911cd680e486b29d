package dev.watersmeet.transport.http;

import dev.watersmeet.sync.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens that are issued, expire and are revoked as a test says. Thread-safe. */
final class TestTokens implements Authenticator {
    private final Map<String, Authentication> standing = new ConcurrentHashMap<>();

    void issue(String token, Principal principal, Instant expiresAt) {
        standing.put(token, new Authentication(principal, expiresAt));
    }

    void revoke(String token) {
        standing.remove(token);
    }

    @Override
    public Optional<Authentication> authenticate(String bearerToken) {
        return Optional.ofNullable(standing.get(bearerToken));
    }
}
