package dev.watersmeet.store.embedded;

import java.util.List;

/**
 * What a check of everything that is stored has found.
 *
 * @param spaces how many there are
 * @param cells how many are stored
 * @param entries of all logs
 * @param problems what is wrong, in sentences; at most {@link #MAX_PROBLEMS}
 */
public record Integrity(long spaces, long cells, long entries, List<String> problems) {
    /** After so many problems a check ends: the folder is to be restored anyway. */
    public static final int MAX_PROBLEMS = 100;

    public Integrity {
        problems = List.copyOf(problems);
    }

    /** Whether nothing is wrong. */
    public boolean isSound() {
        return problems.isEmpty();
    }
}
