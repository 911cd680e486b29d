package dev.watersmeet.transport.http;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.sync.Principal;
import java.time.Instant;

/**
 * What a token says while it stands.
 *
 * @param principal who it stands for
 * @param expiresAt from when on it no longer stands; {@link Instant#MAX} if it never expires. Requests are not refused by it, for the authenticator has just been asked; live feeds end at it
 */
public record Authentication(Principal principal, Instant expiresAt) {
    public Authentication {
        requireNonNull(principal);
        requireNonNull(expiresAt);
    }

    /** The authentication of a token that does not expire. */
    public static Authentication of(Principal principal) {
        return new Authentication(principal, Instant.MAX);
    }
}
