package dev.watersmeet.transport.http;

import dev.watersmeet.sync.Principal;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How much each principal asks for: two token buckets for each name, of requests and of bytes. Thread-safe. */
final class Rates {
    private final HttpLimits limits;
    private final TimeMeter clock;
    private final Map<String, Buckets> principals = new ConcurrentHashMap<>();

    private record Buckets(Bucket requests, Bucket bytes) {}

    Rates(HttpLimits limits, TimeMeter clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Counts a request.
     *
     * @throws RateLimitedException if it is one too many, or follows more bytes than there may be
     */
    void request(Principal principal) {
        Buckets buckets = principals.computeIfAbsent(principal.name(), name -> buckets());
        EstimationProbe bytes = buckets.bytes.estimateAbilityToConsume(1);
        if (!bytes.canBeConsumed()) {
            throw new RateLimitedException(
                    principal.name() + " may exchange " + limits.of(Limit.BYTES_PER_SECOND) + " bytes/s",
                    bytes.getNanosToWaitForRefill());
        }
        ConsumptionProbe requests = buckets.requests.tryConsumeAndReturnRemaining(1);
        if (!requests.isConsumed()) {
            throw new RateLimitedException(
                    principal.name() + " may send " + limits.of(Limit.REQUESTS_PER_SECOND) + " requests/s",
                    requests.getNanosToWaitForRefill());
        }
    }

    /** Counts the bytes of a body that was read, or of an answer: they may exceed the limit, which then holds against the next request. */
    void bytes(Principal principal, long bytes) {
        principals
                .computeIfAbsent(principal.name(), name -> buckets())
                .bytes
                .consumeIgnoringRateLimits(Math.max(1, bytes));
    }

    /** Forgets who has rested: full buckets are like new ones. */
    void forgetRested() {
        for (String name : principals.keySet()) {
            principals.computeIfPresent(name, (key, buckets) -> hasRested(buckets) ? null : buckets);
        }
    }

    /** How many principals are remembered. */
    int remembered() {
        return principals.size();
    }

    private boolean hasRested(Buckets buckets) {
        return buckets.requests.getAvailableTokens() == limits.of(Limit.REQUEST_BURST)
                && buckets.bytes.getAvailableTokens() == limits.of(Limit.BYTE_BURST);
    }

    private Buckets buckets() {
        return new Buckets(
                bucket(limits.of(Limit.REQUEST_BURST), limits.of(Limit.REQUESTS_PER_SECOND)),
                bucket(limits.of(Limit.BYTE_BURST), limits.of(Limit.BYTES_PER_SECOND)));
    }

    private Bucket bucket(long burst, long perSecond) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
