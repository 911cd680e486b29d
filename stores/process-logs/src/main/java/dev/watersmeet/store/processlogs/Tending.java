package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.SpaceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Looks after logs of watched spaces whose writers have left something undone: what has not moved between two looks is completed. One thread at a time looks after a space. Thread-safe. */
final class Tending {
    private final Backend backend;
    private final Controls controls;
    private final Turns turns;
    private final Tails tails;
    private final Map<SpaceId, Look> looks = new ConcurrentHashMap<>();

    /** A look at the logs of a space, those of them that were written beyond their tips. */
    private record Look(long life, long generation, Map<Long, Long> undone) {}

    Tending(Backend backend, Controls controls, Turns turns, Tails tails) {
        this.backend = backend;
        this.controls = controls;
        this.turns = turns;
        this.tails = tails;
    }

    void tend(Space space, Held held, VersionVector tips) {
        @Nullable Look before = looks.get(space.id);
        Map<Long, Long> undone = undone(space, held, tips);
        Control control = held.control();
        if (before != null && before.life == control.life() && before.generation == control.generation()) {
            undone.forEach((log, tip) -> {
                if (tip.equals(before.undone.get(log))) {
                    complete(space, held, log, tip);
                }
            });
        }
        looks.put(space.id, new Look(control.life(), control.generation(), undone));
    }

    /** A space is no longer watched. */
    void forget(SpaceId space) {
        looks.remove(space);
    }

    private Map<Long, Long> undone(Space space, Held held, VersionVector tips) {
        @Nullable LogWriter own = space.writer();
        Map<Long, Long> undone = new HashMap<>();
        List<Long> logs = held.control().logs();
        for (int log = 0; log < logs.size(); log++) {
            boolean written = own != null && own.id() == logs.get(log) && own.isOf(held);
            if (!written
                    && !backend.entries(held.key(), logs.get(log), tips.get(log), 1)
                            .isEmpty()) {
                undone.put(logs.get(log), tips.get(log));
            }
        }
        return undone;
    }

    private void complete(Space space, Held held, long log, long tip) {
        Held open = turns.open(space);
        if (open.sameGeneration(held)) {
            tails.complete(held.key(), held.control().generation(), log, tip, () -> {
                Held after = controls.refresh(space);
                return after.control().open() && after.sameGeneration(held);
            });
        }
    }
}
