package dev.watersmeet.format;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link SyncRequest} (P-2).
 *
 * @param time the server's clock, Unix milliseconds
 * @param push what became of the push, if there was one
 * @param changes a page of changes, if they were asked for
 */
public record SyncAnswer(long time, @Nullable PushOutcome push, @Nullable Page changes) {}
