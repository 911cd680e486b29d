package dev.watersmeet.format;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link SyncRequest} (P-2).
 *
 * @param time the server's clock, Unix milliseconds
 * @param push what became of the push, if there was one
 * @param changes a page of changes, if they were asked for
 * @param schema the fingerprint of the server's schema, if it says so (P-25)
 */
public record SyncAnswer(long time, @Nullable PushOutcome push, @Nullable Page changes, @Nullable String schema) {
    /** An answer that does not name a schema. */
    public SyncAnswer(long time, @Nullable PushOutcome push, @Nullable Page changes) {
        this(time, push, changes, null);
    }
}
