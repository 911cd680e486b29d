package dev.watersmeet.transport.http;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Subscription;
import org.jspecify.annotations.Nullable;

/** How far a live feed has told of one space. Guarded by the feed's lock. */
final class FeedSpace {
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

    /** Lets go of the space. Doing so twice does nothing. */
    void end() {
        ended = true;
        if (subscription != null) {
            subscription.close();
        }
    }
}
