package dev.watersmeet.store.processlogs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;

/** Deletes generations that nobody has to read any more: first they are made unreadable, then deleted, oldest first, so that what is left after an interruption is found again. */
final class Trim {
    private final Backend backend;
    private final Controls controls;
    private final Turns turns;
    private final Space space;

    Trim(Backend backend, Controls controls, Turns turns, Space space) {
        this.backend = backend;
        this.controls = controls;
        this.turns = turns;
        this.space = space;
    }

    /** Lets the generations go before the last one with an entry from before a time: all their cursors lack that entry. */
    void before(long millis) {
        Held open = turns.open(space);
        long kept = lastWithEntryBefore(open, millis);
        if (kept > open.control().oldest()) {
            controls.change(space, open, open.control().withOldest(kept));
        }
        deleteUnreadable();
    }

    private long lastWithEntryBefore(Held open, long millis) {
        Control control = open.control();
        if (new Recorded(backend, open.key()).first(control.logs()) < millis) {
            return control.generation();
        }
        for (long generation = control.generation() - 1; generation > control.oldest(); generation--) {
            Optional<Turn> turn = turns.ended(open.key(), generation);
            if (turn.isPresent() && turn.get().firstRecorded() < millis) {
                return generation;
            }
        }
        return control.oldest();
    }

    /** Deletes what is older than the oldest generation that can be read. */
    void deleteUnreadable() {
        Held held = controls.refresh(space);
        if (!held.control().alive()) {
            return;
        }
        Deque<Long> unreadable = new ArrayDeque<>();
        Optional<Long> former = before(held.key(), held.control().oldest());
        while (former.isPresent()) {
            unreadable.push(former.get());
            former = before(held.key(), former.get());
        }
        for (long generation : unreadable) {
            turns.ended(held.key(), generation).ifPresent(turn -> backend.trim(held.key(), generation, turn.logs()));
        }
    }

    /** The generation before another, if something of it is kept. */
    private Optional<Long> before(SpaceKey key, long generation) {
        return Stream.of(generation - 1, generation - Control.RENEWAL_GAP)
                .filter(former -> former > 0 && turns.ended(key, former).isPresent())
                .findFirst();
    }
}
