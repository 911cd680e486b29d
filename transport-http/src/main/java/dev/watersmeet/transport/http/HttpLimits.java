package dev.watersmeet.transport.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The values of all limits. Immutable.
 *
 * <pre>{@code
 * HttpLimits.defaults().with(Limit.REQUESTS_PER_SECOND, 50).with(Limit.FEEDS_OF_PRINCIPAL, 8)
 * }</pre>
 */
public final class HttpLimits {
    private static final HttpLimits DEFAULTS = new HttpLimits(Map.of());

    private final Map<Limit, Long> set;

    private HttpLimits(Map<Limit, Long> set) {
        this.set = set;
    }

    /** Every limit at its default. */
    public static HttpLimits defaults() {
        return DEFAULTS;
    }

    /**
     * These limits with one of them set.
     *
     * @throws IllegalArgumentException if it cannot have that value; the message says which it can have
     */
    public HttpLimits with(Limit limit, long value) {
        Map<Limit, Long> changed = new EnumMap<>(Limit.class);
        changed.putAll(set);
        changed.put(requireNonNull(limit), limit.checked(value));
        return new HttpLimits(Collections.unmodifiableMap(changed));
    }

    /** The value of a limit. */
    public long of(Limit limit) {
        return set.getOrDefault(limit, limit.standard());
    }

    /** The value of a limit that counts what fits an {@code int}. */
    public int intOf(Limit limit) {
        return (int) Math.min(Integer.MAX_VALUE, of(limit));
    }

    /** The value of a limit in milliseconds. */
    public Duration durationOf(Limit limit) {
        return Duration.ofMillis(of(limit));
    }

    @Override
    public String toString() {
        return set.isEmpty() ? "defaults" : set.toString();
    }
}
