package dev.watersmeet.store.processlogs;

import java.util.Optional;

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
        long oldest = held.control().oldest();
        long first = oldest;
        while (turns.ended(held.key(), first - 1).isPresent()) {
            first--;
        }
        for (long generation = first; generation < oldest; generation++) {
            Optional<Turn> turn = turns.ended(held.key(), generation);
            if (turn.isPresent()) {
                backend.trim(held.key(), generation, turn.get().logs());
            }
        }
    }
}
