package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.TimeSource;

/**
 * The engine's clock: what it has seen of all spaces, and how far ahead of it a stamp may be. Thread-safe.
 *
 * <p>Only what comes from outside is bounded, and only into the future (P-8): who is late is merely late.
 */
final class ServerClock {
    private static final ReplicaId NOBODY = new ReplicaId(0);

    private final TimeSource source;
    private final long driftMillis;
    private final HybridLogicalClock seen;

    ServerClock(TimeSource source, long driftMillis) {
        this.source = source;
        this.driftMillis = driftMillis;
        this.seen = HybridLogicalClock.of(source, NOBODY);
    }

    /** Unix milliseconds now. */
    long millis() {
        return source.millis();
    }

    /** The greatest milliseconds that a stamp from outside may have. */
    long greatestMillis() {
        return source.millis() + driftMillis;
    }

    /** Moves the clock up to the stamps of a document that was found in order. */
    void observe(DocumentState cells) {
        seen.observe(cells);
    }

    /** Above everything that was observed. */
    Stamp highWater() {
        return seen.highWater();
    }

    TimeSource source() {
        return source;
    }
}
