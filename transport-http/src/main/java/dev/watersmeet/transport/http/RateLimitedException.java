package dev.watersmeet.transport.http;

import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;

/** Thrown where a request is one too many for now (P-18). */
final class RateLimitedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final long NANOS_OF_SECOND = 1_000_000_000L;

    private final int retryAfterSeconds;

    /**
     * An exception for a request that may come again.
     *
     * @param detail whose and which limit it is, for people
     * @param nanos after how many nanoseconds it may
     */
    RateLimitedException(String detail, long nanos) {
        super(detail);
        long seconds = nanos / NANOS_OF_SECOND + (nanos % NANOS_OF_SECOND == 0 ? 0 : 1);
        this.retryAfterSeconds = (int) Math.max(1, Math.min(seconds, Integer.MAX_VALUE));
    }

    Problem problem() {
        return Problem.of(ProblemCode.RATE_LIMITED, String.valueOf(getMessage()));
    }

    int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
