package dev.watersmeet.transport.http;

import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.sync.Principal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Who sent a request.
 *
 * @param token the bearer token, which is logged and answered nowhere
 * @param authentication what it says
 */
record Caller(String token, Authentication authentication) {
    /**
     * Who sent a request.
     *
     * @throws ProblemException {@code unauthenticated}, which tells whether there was a token, and not why it does not stand
     */
    static Caller of(HttpServletRequest request, Authenticator authenticator) {
        Optional<String> token = BearerToken.parse(request.getHeader("Authorization"));
        if (token.isEmpty()) {
            throw ProblemException.of(ProblemCode.UNAUTHENTICATED, "the request has no bearer token");
        }
        return authenticator
                .authenticate(token.get())
                .map(authentication -> new Caller(token.get(), authentication))
                .orElseThrow(() -> ProblemException.of(
                        ProblemCode.UNAUTHENTICATED, "the bearer token does not stand, or no longer does"));
    }

    Principal principal() {
        return authentication.principal();
    }

    @Override
    public String toString() {
        return principal().name();
    }
}
