package dev.watersmeet.store.processlogs;

import java.util.List;

/** When the entries of logs were recorded. Within a log that never runs backwards; entries that were annulled have no time. */
final class Recorded {
    private static final int PROBE = 16;

    private final Backend backend;
    private final SpaceKey space;

    Recorded(Backend backend, SpaceKey space) {
        this.backend = backend;
        this.space = space;
    }

    /** When the first entry of some logs was recorded; {@link Long#MAX_VALUE} if they have none. */
    long first(List<Long> logs) {
        return logs.stream().mapToLong(this::first).min().orElse(Long.MAX_VALUE);
    }

    private long first(long log) {
        return backend.entries(space, log, 0, PROBE).stream()
                .filter(bytes -> bytes.length > 0)
                .findFirst()
                .map(bytes -> Entry.parse(bytes).recorded())
                .orElse(Long.MAX_VALUE);
    }

    /** When the last entry of some logs was recorded; 0 if they have none. */
    long last(List<Long> logs, VersionVector ends) {
        long last = 0;
        for (int log = 0; log < logs.size(); log++) {
            last = Math.max(last, last(logs.get(log), ends.get(log)));
        }
        return last;
    }

    private long last(long log, long end) {
        for (long sequence = end; sequence > 0; sequence--) {
            long recorded = at(log, sequence);
            if (recorded != Long.MAX_VALUE) {
                return recorded;
            }
        }
        return 0;
    }

    /** The sequence of an entry before which all were recorded before a time, and the next few of which perhaps, too; 0 if none is known to. */
    long lastBefore(long log, long end, long millis) {
        long low = 0;
        long high = end;
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (at(log, middle) < millis) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** When an entry was recorded; {@link Long#MAX_VALUE} if it was annulled. */
    private long at(long log, long sequence) {
        List<byte[]> entry = backend.entries(space, log, sequence - 1, 1);
        return entry.isEmpty() || entry.get(0).length == 0
                ? Long.MAX_VALUE
                : Entry.parse(entry.get(0)).recorded();
    }
}
