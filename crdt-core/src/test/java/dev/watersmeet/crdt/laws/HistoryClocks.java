package dev.watersmeet.crdt.laws;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.ReplicaId;

/** The clocks of the replicas of a history: they disagree, run at half the speed of the steps, so that stamps share milliseconds, and their ids order below and above each other as unsigned numbers. */
final class HistoryClocks {
    private static final long START = 1_700_000_000_000L;

    private long steps = START * 2;

    /** Time goes on by a step. */
    void step() {
        steps++;
    }

    /** The clock of a replica of the history. */
    HybridLogicalClock clock(int replica) {
        long ahead = replica * 3L;
        return HybridLogicalClock.of(() -> steps / 2 + ahead, new ReplicaId(replica % 2 == 0 ? replica + 1 : -replica));
    }
}
