package dev.watersmeet.transport.http;

import java.time.Duration;

/** How fast a body has to come: a client that sends a byte now and then would hold memory for as long as it likes. */
final class Pace {
    /** From when on the rate counts: before, a slow start is not told from a slow client. */
    private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    private static final double NANOS_OF_SECOND = 1e9;

    private final long begun;
    private final long leastPerSecond;
    private final long mostNanos;

    Pace(HttpLimits limits, long now) {
        this.begun = now;
        this.leastPerSecond = limits.of(Limit.BODY_BYTES_PER_SECOND);
        this.mostNanos = limits.durationOf(Limit.BODY_TIME).toNanos();
    }

    /**
     * Checks what has come so far.
     *
     * @throws RateLimitedException if it is too little, or took too long
     */
    void check(long bytes, long now) {
        long nanos = now - begun;
        if (nanos > mostNanos) {
            throw tooLong();
        }
        if (nanos > GRACE_NANOS && bytes < leastPerSecond * (nanos / NANOS_OF_SECOND)) {
            throw new RateLimitedException("a body has to come at " + leastPerSecond + " bytes/s or more", 0);
        }
    }

    /** The refusal of a body that has not come in time. */
    RateLimitedException tooLong() {
        return new RateLimitedException("a body has to come within " + mostNanos / 1_000_000 + " ms", 0);
    }
}
