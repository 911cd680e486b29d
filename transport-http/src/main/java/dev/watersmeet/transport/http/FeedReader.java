package dev.watersmeet.transport.http;

import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import java.time.InstantSource;

/** What one live feed reads, for as long as the token stands that it was begun with (P-17). Thread-safe. */
final class FeedReader {
    private final SyncEngine engine;
    private final SpaceId space;
    private final Authenticator authenticator;
    private final InstantSource clock;
    private final String token;
    private volatile Authentication authentication;
    private volatile boolean doubted;

    /**
     * A reader for a token that has just been found to stand.
     *
     * @param caller who asked for the feed
     */
    FeedReader(SyncEngine engine, SpaceId space, Authenticator authenticator, InstantSource clock, Caller caller) {
        this.engine = engine;
        this.space = space;
        this.authenticator = authenticator;
        this.clock = clock;
        this.token = caller.token();
        this.authentication = caller.authentication();
    }

    /** Who reads. */
    Principal principal() {
        return authentication.principal();
    }

    Subscription watch(Runnable listener) {
        return engine.watch(principal(), space, listener);
    }

    /** Has the authenticator asked again before the next page. */
    void doubt() {
        doubted = true;
    }

    /**
     * The page after a cursor. May block.
     *
     * @throws ProblemException {@code unauthenticated} if the token no longer stands
     */
    Page after(String cursor) {
        if (doubted) {
            doubted = false;
            authentication = authenticator
                    .authenticate(token)
                    .filter(again -> again.principal().name().equals(principal().name()))
                    .orElseThrow(() -> noLonger("has been revoked"));
        }
        if (!clock.instant().isBefore(authentication.expiresAt())) {
            throw noLonger("has expired");
        }
        return engine.changes(principal(), space, cursor);
    }

    private static ProblemException noLonger(String why) {
        return ProblemException.of(ProblemCode.UNAUTHENTICATED, "the token of the live feed " + why);
    }
}
