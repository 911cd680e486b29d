package dev.watersmeet.store.processlogs;

import dev.watersmeet.store.StoreException;

/** How a process waits for another one: a little, again and again. */
@FunctionalInterface
interface Pauses {
    /** How long one pause of a real process is. */
    long MILLIS = 20;

    /** Waits a little. */
    void pause();

    /** Sleeps. */
    static Pauses sleeping() {
        return () -> {
            try {
                Thread.sleep(MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException(
                        StoreException.Kind.UNAVAILABLE, "interrupted while waiting for another process", e);
            }
        };
    }
}
