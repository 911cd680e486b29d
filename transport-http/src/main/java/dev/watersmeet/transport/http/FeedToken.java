package dev.watersmeet.transport.http;

import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.sync.Principal;
import java.time.InstantSource;
import java.util.Optional;

/** The token that one live feed was begun with, for as long as it stands (P-17). Thread-safe. */
final class FeedToken {
    private final Authenticator authenticator;
    private final InstantSource clock;
    private final String token;
    private volatile Authentication authentication;
    private volatile boolean doubted;

    /**
     * A token that has just been found to stand.
     *
     * @param caller who asked for the feed
     */
    FeedToken(Authenticator authenticator, InstantSource clock, Caller caller) {
        this.authenticator = authenticator;
        this.clock = clock;
        this.token = caller.token();
        this.authentication = caller.authentication();
    }

    /** Has the authenticator asked again before the next page. */
    void doubt() {
        doubted = true;
    }

    /** Who reads, as the token said last. */
    Principal principal() {
        return authentication.principal();
    }

    /**
     * Who reads, if the token still stands. May block.
     *
     * @throws ProblemException {@code unauthenticated} if it does not
     */
    Principal checked() {
        if (doubted) {
            doubted = false; // before it is asked: a doubt that comes meanwhile stays
            authentication = asked().filter(
                            again -> again.principal().name().equals(principal().name()))
                    .orElseThrow(() -> noLonger("has been revoked"));
        }
        if (!clock.instant().isBefore(authentication.expiresAt())) {
            throw noLonger("has expired");
        }
        return principal();
    }

    private Optional<Authentication> asked() {
        try {
            return authenticator.authenticate(token);
        } catch (RuntimeException e) {
            doubted = true; // or the other spaces of the feed would go on with what nobody has confirmed
            throw e;
        }
    }

    private static ProblemException noLonger(String why) {
        return ProblemException.of(ProblemCode.UNAUTHENTICATED, "the token of the live feed " + why);
    }
}
