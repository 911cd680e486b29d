package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.MarkRecord.Position;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The marks of replicas: each a record that an entry of a log has to take before it counts. Thread-safe. */
final class Marks {
    private final Backend backend;
    private final Controls controls;
    private final Turns turns;
    private final Tails tails;
    private final Pauses pauses;
    private final long patience;

    /** @param patience for how many pauses a writer is waited for before its log is completed in its place */
    Marks(Backend backend, Controls controls, Turns turns, Tails tails, Pauses pauses, long patience) {
        this.backend = backend;
        this.controls = controls;
        this.turns = turns;
        this.tails = tails;
        this.pauses = pauses;
        this.patience = patience;
    }

    /** Sees that the entry which a mark came with is complete: who has seen the mark reads its cells, and may move the record on. */
    void complete(Space space, Held held, Position position) {
        SpaceKey key = held.key();
        Held now = held;
        for (long waited = 0; !isComplete(space, now, key, position); waited++) {
            if (waited < patience) {
                pauses.pause();
                now = controls.refresh(space);
            } else {
                now = completeInItsPlace(space, key, position);
                waited = 0;
            }
        }
    }

    private boolean isComplete(Space space, Held now, SpaceKey key, Position position) {
        if (now.control().life() != key.life() || now.control().generation() > position.generation()) {
            return true; // the turn has completed it
        }
        long sequence = position.sequence();
        if (space.tips(key, position.generation()).getOrDefault(position.log(), 0L) >= sequence) {
            return true;
        }
        Map<Long, Long> tips = space.learn(key, position.generation(), backend.tips(key, position.generation()));
        return tips.getOrDefault(position.log(), 0L) >= sequence;
    }

    private Held completeInItsPlace(Space space, SpaceKey key, Position position) {
        Held open = turns.open(space);
        if (open.control().life() == key.life() && open.control().generation() == position.generation()) {
            long tip = backend.tips(key, position.generation()).getOrDefault(position.log(), 0L);
            tails.complete(
                    key, position.generation(), position.log(), tip, () -> open.sameGeneration(turns.open(space)));
        }
        return controls.refresh(space);
    }

    /**
     * Moves a replica's record to the mark of an entry.
     *
     * @param from the record that the entry is based on
     * @return false if somebody else has moved it: the entry is annulled then
     */
    boolean move(SpaceKey key, @Nullable Versioned from, Position to, Entry entry) {
        if (entry.mark() == null) {
            throw new IllegalArgumentException("an entry without a mark");
        }
        MarkRecord record = new MarkRecord(entry.mark(), to);
        boolean moved;
        try {
            moved = backend.compareAndSet(
                    RecordKey.mark(key, entry.mark().replica()), from, Versioned.of(controls.draw(), record.toBytes()));
        } catch (StoreException e) {
            if (!e.retryable()) {
                throw e;
            }
            return tails.counts(key, to, entry);
        }
        if (!moved) {
            backend.annul(key, to.log(), to.sequence());
        }
        return moved;
    }
}
