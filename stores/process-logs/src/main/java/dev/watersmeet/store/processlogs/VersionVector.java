package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How far each log of a generation was read: for its n-th log, counted from 0, a sequence; 0 for logs that it does not name. Immutable. */
final class VersionVector {
    static final VersionVector EMPTY = new VersionVector(new long[0]);

    private final long[] sequences;

    private VersionVector(long[] sequences) {
        this.sequences = sequences;
    }

    /** The tips of a generation's logs. */
    static VersionVector of(List<Long> logs, Map<Long, Long> tips) {
        return new VersionVector(
                logs.stream().mapToLong(log -> tips.getOrDefault(log, 0L)).toArray());
    }

    long get(int log) {
        return log < sequences.length ? sequences[log] : 0;
    }

    /** This, with at least a sequence for one log. */
    VersionVector with(int log, long sequence) {
        if (get(log) >= sequence) {
            return this;
        }
        long[] raised = Arrays.copyOf(sequences, Math.max(sequences.length, log + 1));
        raised[log] = sequence;
        return new VersionVector(raised);
    }

    /** For each log the greater sequence. */
    VersionVector join(VersionVector other) {
        VersionVector joined = this;
        for (int log = 0; log < other.sequences.length; log++) {
            joined = joined.with(log, other.sequences[log]);
        }
        return joined;
    }

    /** Whether this has read all that another has. */
    boolean covers(VersionVector other) {
        for (int log = 0; log < other.sequences.length; log++) {
            if (get(log) < other.sequences[log]) {
                return false;
            }
        }
        return true;
    }

    int size() {
        return sequences.length;
    }

    void write(Encoder out) {
        int size = sequences.length;
        while (size > 0 && sequences[size - 1] == 0) {
            size--;
        }
        out.number(size);
        for (int log = 0; log < size; log++) {
            out.number(sequences[log]);
        }
    }

    static VersionVector read(Decoder in) {
        long[] sequences = new long[in.count()];
        for (int log = 0; log < sequences.length; log++) {
            sequences[log] = in.number();
        }
        return new VersionVector(sequences);
    }

    @Override
    public String toString() {
        return Arrays.toString(sequences);
    }
}
