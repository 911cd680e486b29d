package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.SpaceId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What this process knows of a space: as much as it has read. Thread-safe. */
final class Space {
    final SpaceId id;
    /** Held while a log is registered, so that this process has one. */
    final ReentrantLock registering = new ReentrantLock();

    private volatile @Nullable Held held;
    private volatile @Nullable LogWriter writer;
    private volatile Tips tips = new Tips(0, 0, Map.of());

    /** How far the logs of a generation are complete, at least. */
    private record Tips(long life, long generation, Map<Long, Long> byLog) {}

    Space(SpaceId id) {
        this.id = id;
    }

    @Nullable
    Held held() {
        return held;
    }

    void hold(Held read) {
        held = read;
    }

    @Nullable
    LogWriter writer() {
        return writer;
    }

    void write(LogWriter log) {
        writer = log;
    }

    /** Learns of tips. They only rise, so that it does not matter who is late. */
    synchronized Map<Long, Long> learn(SpaceKey key, long generation, Map<Long, Long> read) {
        Map<Long, Long> known = new HashMap<>(tips(key, generation));
        read.forEach((log, sequence) -> known.merge(log, sequence, Math::max));
        tips = new Tips(key.life(), generation, Map.copyOf(known));
        return tips.byLog;
    }

    /** The tips that are known. */
    Map<Long, Long> tips(SpaceKey key, long generation) {
        Tips known = tips;
        return known.life == key.life() && known.generation == generation ? known.byLog : Map.of();
    }
}
