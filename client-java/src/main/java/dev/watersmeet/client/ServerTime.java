package dev.watersmeet.client;

import dev.watersmeet.crdt.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The server's time, as far as it is known: this machine's clock and its offset, measured at each contact. Thread-safe. */
final class ServerTime implements TimeSource {
    /** Smaller differences between clocks are noise. */
    private static final long NOISE_MILLIS = 1_000;

    private final TimeSource source;
    private final LongSupplier elapsed;
    private final AtomicLong offset = new AtomicLong();

    /** @param source the clock, which also measures how long answers take; null for this machine's, beside which that is measured by a clock that nobody sets */
    ServerTime(@Nullable TimeSource source) {
        this.source = source == null ? TimeSource.system() : source;
        this.elapsed = source == null ? () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) : source::millis;
    }

    /** Milliseconds since some moment, to measure how long something takes. */
    long elapsedMillis() {
        return elapsed.getAsLong();
    }

    @Override
    public long millis() {
        return source.millis() + offset.get();
    }

    /**
     * Takes note of the server's clock.
     *
     * @param server what it showed, in Unix milliseconds
     * @param roundTripMillis how long the answer took
     */
    void measure(long server, long roundTripMillis) {
        long measured = server + roundTripMillis / 2 - source.millis();
        long uncertain = roundTripMillis / 2; // when in it the server looked at its clock is not known
        if (Math.abs(measured - offset.get()) >= NOISE_MILLIS + uncertain) {
            offset.set(measured);
        }
    }
}
