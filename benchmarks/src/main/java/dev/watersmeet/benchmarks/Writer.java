package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.concurrent.atomic.AtomicLong;

/** Makes cells: each with a stamp of its own, above all that were made before by any writer. Equal values in a row are one object. */
final class Writer {
    /** 2026-01-01, so that encoded stamps are as long as real ones. */
    static final long START_MILLIS = 1_767_225_600_000L;

    private static final AtomicLong MILLIS = new AtomicLong(START_MILLIS);
    private static final AtomicLong REPLICAS = new AtomicLong(0x5EED_5EED_5EED_5EEDL);

    private final ReplicaId replica = new ReplicaId(REPLICAS.addAndGet(0x9E37_79B9_7F4A_7C15L));
    private String lastText = Keys.VALUE;
    private Value lastValue = Value.of(Keys.VALUE);

    ReplicaId replica() {
        return replica;
    }

    Cell cell(String text) {
        if (!lastText.equals(text)) {
            lastText = text;
            lastValue = Value.of(text);
        }
        return Cell.live(stamp(), lastValue);
    }

    Stamp stamp() {
        return Stamp.of(MILLIS.incrementAndGet(), 0, replica);
    }
}
