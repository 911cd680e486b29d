package dev.watersmeet.store.processlogs;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.store.SpaceId;

/**
 * A space in one of its lives. Whoever deletes a space ends its life, and whoever writes to it again begins another with a number that was never used: so what is late for the one does not reach the other.
 *
 * @param space the space
 * @param life a random number, not 0
 */
public record SpaceKey(SpaceId space, long life) {
    public SpaceKey {
        requireNonNull(space);
        if (life == 0) {
            throw new IllegalArgumentException("a life has a number other than 0");
        }
    }
}
