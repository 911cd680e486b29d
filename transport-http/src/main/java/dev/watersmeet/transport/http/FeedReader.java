package dev.watersmeet.transport.http;

import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.sync.SyncEngine;

/**
 * What a live feed reads of one space. Thread-safe.
 *
 * @param engine reads
 * @param space is read
 * @param token says who reads, and whether still
 */
record FeedReader(SyncEngine engine, SpaceId space, FeedToken token) {
    Subscription watch(Runnable listener) {
        return engine.watch(token.principal(), space, listener);
    }

    /**
     * The page after a cursor. May block.
     *
     * @throws ProblemException {@code unauthenticated} if the token no longer stands
     */
    Page after(String cursor) {
        return engine.changes(token.checked(), space, cursor);
    }
}
