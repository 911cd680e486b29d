package dev.watersmeet.transport.http;

import dev.watersmeet.sync.Principal;
import java.util.Optional;

/**
 * Who a token stands for: implemented by the application.
 *
 * <p>Called for each request, a live feed being one, by many threads at once: it answers fast, from a cache if it has to ask somebody. What it throws is answered as an internal error.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * The principal of a token; empty if the token does not stand, or no longer does.
     *
     * @param bearerToken what came with the request: characters of RFC 6750 only
     */
    Optional<Principal> authenticate(String bearerToken);
}
