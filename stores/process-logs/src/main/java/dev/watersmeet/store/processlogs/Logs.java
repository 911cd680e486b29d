package dev.watersmeet.store.processlogs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The logs of spaces: this process's own, and how far those of all are complete. Thread-safe. */
final class Logs {
    /** More logs in a generation, as there are after many restarts, are retired by turning to the next one: so that cursors stay short. */
    static final int MAX_LOGS = 64;

    private final Backend backend;
    private final Controls controls;
    private final Turns turns;
    private final LongSupplier millis;

    Logs(Backend backend, Controls controls, Turns turns, LongSupplier millis) {
        this.backend = backend;
        this.controls = controls;
        this.turns = turns;
        this.millis = millis;
    }

    /** This process's log in the generation of a space that was read. It is registered before anything is appended to it; that may find the space in another generation. */
    LogWriter writer(Space space, Held recent) {
        @Nullable LogWriter known = space.writer();
        if (known != null && known.isOf(recent)) {
            return known;
        }
        space.registering.lock();
        try {
            @Nullable LogWriter other = space.writer();
            if (other != null && other.isOf(recent)) {
                return other;
            }
            LogWriter registered = register(space);
            space.write(registered);
            return registered;
        } finally {
            space.registering.unlock();
        }
    }

    private LogWriter register(Space space) {
        while (true) {
            Held open = turns.open(space);
            if (open.control().logs().size() >= MAX_LOGS) {
                turns.turn(space, open, 0, cut -> Optional.of(List.of()));
                continue;
            }
            long id = controls.draw();
            Optional<Held> registered =
                    controls.change(space, open, open.control().withLog(id));
            if (registered.isPresent()) {
                tips(space, registered.get()); // those of the logs that were there before are in all cursors
                return new LogWriter(backend, registered.get(), () -> controls.refresh(space), millis);
            }
        }
    }

    /** How far the logs of the generation are complete now. */
    VersionVector tips(Space space, Held held) {
        SpaceKey key = held.key();
        long generation = held.control().generation();
        Map<Long, Long> tips = space.learn(key, generation, backend.tips(key, generation));
        return VersionVector.of(held.control().logs(), tips);
    }

    /** Whether there is what a point has read, in a space as it is. Whoever names more has not been told so here, or it was lost; what relied on it would wait for it for ever. */
    boolean hold(Space space, Held held, Point point) {
        if (point.generation() == held.control().generation()) {
            return known(space, held).covers(point.read()) || tips(space, held).covers(point.read());
        }
        return turns.ended(held.key(), point.generation())
                .filter(turn -> turn.holds(point))
                .isPresent();
    }

    private VersionVector known(Space space, Held held) {
        Map<Long, Long> tips = space.tips(held.key(), held.control().generation());
        VersionVector known = VersionVector.of(held.control().logs(), tips);
        @Nullable LogWriter own = space.writer();
        return own != null && own.isOf(held) ? known.with(own.number(), own.tip()) : known;
    }

    /** How far this process knows the logs of a writer's generation to be complete, without asking. */
    VersionVector knownTips(Space space, LogWriter writer, Held held) {
        Map<Long, Long> tips = space.tips(writer.space(), writer.generation());
        return VersionVector.of(held.control().logs(), tips).with(writer.number(), writer.tip());
    }
}
