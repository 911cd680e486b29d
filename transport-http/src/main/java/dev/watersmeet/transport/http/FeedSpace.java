package dev.watersmeet.transport.http;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Subscription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a live feed has told of one space. Guarded by the feed's lock. */
final class FeedSpace {
    private static final Logger log = LoggerFactory.getLogger(FeedSpace.class);

    final FeedReader reader;

    /** From where the feed goes on. */
    String cursor;

    /** Something may have changed that was not told. */
    boolean stale;

    /** The client knows that the space is live. */
    boolean begun;

    /** Nothing more is told of the space. */
    boolean ended;

    private @Nullable Subscription subscription;

    FeedSpace(FeedReader reader, String cursor) {
        this.reader = reader;
        this.cursor = cursor;
    }

    SpaceId space() {
        return reader.space();
    }

    /** Takes over the subscription that wakes the feed. */
    void watch(Subscription watched) {
        subscription = watched;
    }

    /** Lets go of the space, also if the store cannot: the feed ends all the same. Doing so twice does nothing. */
    void end() {
        ended = true;
        Subscription held = subscription;
        subscription = null;
        if (held == null) {
            return;
        }
        try {
            held.close();
        } catch (RuntimeException e) {
            log.warn("the store does not let go of a live feed of {}", space(), e);
        }
    }
}
