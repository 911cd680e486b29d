package dev.watersmeet.format;

import dev.watersmeet.crdt.Stamp;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the columns of stamps (M-32). Cells of one edit that follow each other share one object. */
final class BatchStamps {
    private final BatchDictionaries dictionaries;
    private final ColumnReader millis;
    private final RunReader counters;
    private final RunReader replicas;
    private long lastMillis;
    private int replica = -1;
    private @Nullable Stamp last;

    BatchStamps(Map<BatchColumn, ColumnReader> columns, BatchDictionaries dictionaries) {
        this.dictionaries = dictionaries;
        millis = BatchColumn.STAMP_MILLIS.of(columns);
        counters = new RunReader(BatchColumn.STAMP_COUNTERS.of(columns));
        replicas = new RunReader(BatchColumn.STAMP_REPLICAS.of(columns));
    }

    Stamp next() {
        long difference = millis.signed();
        long time = lastMillis + difference;
        if (time < 0 || time > Stamp.MAX_MILLIS) {
            throw millis.malformed("the milliseconds of a stamp are 0 to " + Stamp.MAX_MILLIS + ", not " + time);
        }
        int counter = counters.next(Stamp.MAX_COUNTER);
        int index = replicas.index(dictionaries.replicas());
        Stamp stamp = last;
        if (stamp == null || difference != 0 || counter != stamp.counter() || index != replica) {
            dictionaries.useReplica(index);
            stamp = Stamp.of(time, counter, dictionaries.replica(index));
            lastMillis = time;
            replica = index;
            last = stamp;
        }
        return stamp;
    }

    /** The place of the replica of the stamp that was read last, in the dictionary. */
    int replica() {
        return replica;
    }

    void end() {
        millis.end();
        counters.end();
        replicas.end();
    }
}
