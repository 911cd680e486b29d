package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Reads and changes the control records of spaces. Thread-safe. */
final class Controls {
    private static final Control NONE = Control.create(0, 0, List.of());

    private final Backend backend;
    private final RandomGenerator random;

    Controls(Backend backend, RandomGenerator random) {
        this.backend = backend;
        this.random = random;
    }

    /** A space's record as it is now. */
    Held refresh(Space space) {
        return refresh(space, false);
    }

    private Held refresh(Space space, boolean settled) {
        @Nullable Versioned stored = backend.record(RecordKey.control(space.id), settled);
        Held held = new Held(space.id, stored == null ? NONE : Control.parse(stored.bytes()), stored);
        space.hold(held);
        return held;
    }

    /** The record as it was read last, where that was open: what is done on its strength is checked against the record as it is then. */
    Held recent(Space space) {
        @Nullable Held held = space.held();
        return held != null && held.control().alive() && held.control().open() ? held : refresh(space);
    }

    /**
     * Changes a space's record if it still is what was read.
     *
     * @return what it was changed to; empty if it was not, or has changed again
     */
    Optional<Held> change(Space space, Held from, Control to) {
        Versioned replacement = Versioned.of(draw(), to.toBytes());
        if (!succeeds(space, from.stored(), replacement)) {
            return Optional.empty();
        }
        Held changed = new Held(space.id, to, replacement);
        space.hold(changed);
        return Optional.of(changed);
    }

    /** Deletes a space's record if it still is what was read. */
    void delete(Space space, Held from) {
        if (from.stored() != null && backend.compareAndSet(RecordKey.control(space.id), from.stored(), null)) {
            space.hold(new Held(space.id, NONE, null));
        }
    }

    private boolean succeeds(Space space, @Nullable Versioned expected, Versioned replacement) {
        try {
            return backend.compareAndSet(RecordKey.control(space.id), expected, replacement);
        } catch (StoreException e) {
            if (!e.retryable()) {
                throw e;
            }
            @Nullable Versioned stored = refresh(space, true).stored();
            return stored != null && stored.version() == replacement.version();
        }
    }

    /** A space that is alive: begun, if it was not. */
    Held alive(Space space) {
        while (true) {
            Held held = refresh(space);
            if (held.control().alive()) {
                return held;
            }
            Control begun = Control.create(draw(), draw(), held.control().condemned());
            backend.enlist(new SpaceKey(space.id, begun.life()));
            change(space, held, begun);
        }
    }

    /** Whether a generation's logs are kept: if not, they may have been deleted before this was asked. */
    boolean isKept(SpaceKey key, long generation) {
        @Nullable Versioned stored = backend.record(RecordKey.control(key.space()), false);
        Control control = stored == null ? NONE : Control.parse(stored.bytes());
        return control.life() == key.life() && generation >= control.oldest();
    }

    /** A random number that is not 0. */
    long draw() {
        long drawn = random.nextLong();
        return drawn == 0 ? draw() : drawn;
    }
}
