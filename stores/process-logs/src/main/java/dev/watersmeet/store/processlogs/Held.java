package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.SpaceId;
import org.jspecify.annotations.Nullable;

/**
 * A space's control record as it was read.
 *
 * @param space the space
 * @param control what it says
 * @param stored the record it was read from; null if there is none
 */
record Held(SpaceId space, Control control, @Nullable Versioned stored) {
    /** The space's life: it is alive. */
    SpaceKey key() {
        return new SpaceKey(space, control.life());
    }

    /** Whether a space still is in the same generation of the same life. */
    boolean sameGeneration(Held later) {
        return control.life() == later.control.life() && control.generation() == later.control.generation();
    }
}
