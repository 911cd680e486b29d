package dev.watersmeet.transport.http;

import java.util.Optional;

/**
 * Who a token stands for: implemented by the application.
 *
 * <p>Called for each request, and for each live feed again with every heartbeat, so that a token which was revoked ends its feeds; by many threads at once. It answers fast, from a cache if it has to ask
 * somebody. What it throws is answered as an internal error.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * What a token says; empty if the token does not stand, or no longer does.
     *
     * @param bearerToken what came with the request: characters of RFC 6750 only
     */
    Optional<Authentication> authenticate(String bearerToken);

    /** Asks this one, and the other about tokens that do not stand here. */
    default Authenticator or(Authenticator other) {
        return token -> authenticate(token).or(() -> other.authenticate(token));
    }
}
