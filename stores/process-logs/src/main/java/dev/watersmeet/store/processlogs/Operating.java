package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.Purged;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an operator does with spaces; of purges and new epochs, one at a time in this process. Thread-safe. */
final class Operating {
    private final Backend backend;
    private final Controls controls;
    private final Turns turns;
    private final Logs logs;
    private final ReentrantLock turning = new ReentrantLock();

    Operating(Backend backend, Controls controls, Turns turns, Logs logs) {
        this.backend = backend;
        this.controls = controls;
        this.turns = turns;
        this.logs = logs;
    }

    List<SpaceId> spaces(@Nullable SpaceId after, int limit, Function<SpaceId, Space> spaces) {
        List<SpaceId> found = new ArrayList<>();
        @Nullable SpaceId last = after;
        while (found.size() < limit) {
            List<SpaceId> listed = backend.spaces(last, limit);
            for (SpaceId space : listed) {
                last = space;
                if (found.size() < limit
                        && controls.refresh(spaces.apply(space)).control().alive()) {
                    found.add(space);
                }
            }
            if (listed.size() < limit) {
                break;
            }
        }
        return found;
    }

    /** Ends a space's life, and then erases what belonged to it, and to lives whose erasure was interrupted. */
    Space delete(Space space) {
        Held held = controls.refresh(space);
        while (held.control().alive()) {
            controls.change(space, held, held.control().ended());
            held = controls.refresh(space);
        }
        List<Long> lives = held.control().condemned();
        lives.forEach(life -> backend.erase(new SpaceKey(space.id, life)));
        forget(space, lives);
        return space;
    }

    private void forget(Space space, List<Long> erased) {
        Held held = controls.refresh(space);
        while (held.stored() != null && held.control().condemned().stream().anyMatch(erased::contains)) {
            List<Long> left = new ArrayList<>(held.control().condemned());
            left.removeAll(erased);
            if (left.isEmpty() && !held.control().alive()) {
                controls.delete(space, held);
            } else {
                controls.change(space, held, held.control().withCondemned(left));
            }
            held = controls.refresh(space);
        }
    }

    Purged purge(Space space, long horizon) {
        turning.lock();
        try {
            if (!controls.refresh(space).control().alive()) {
                return Purged.NOTHING;
            }
            Purged purged = Purge.run(backend, turns, logs, space, horizon);
            new Trim(backend, controls, turns, space).before(horizon);
            return purged;
        } finally {
            turning.unlock();
        }
    }

    /** Begins a new epoch, with a new generation of logs: what the old ones hold is complete then. */
    Space renewEpoch(Space space) {
        turning.lock();
        try {
            turns.reopenLost(space);
            boolean renewed = !controls.refresh(space).control().alive();
            while (!renewed) {
                renewed = turns.turn(space, turns.open(space), controls.draw(), cut -> Optional.of(List.of()))
                        .isPresent();
            }
            new Trim(backend, controls, turns, space).deleteUnreadable();
            return space;
        } finally {
            turning.unlock();
        }
    }
}
