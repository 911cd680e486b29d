package dev.watersmeet.store.processlogs;

import java.time.Duration;

/**
 * How long processes wait for each other.
 *
 * @param poll how often a space that is watched is looked at, at least; less often where so many are watched that it would be more than {@value #MAX_POLLS_PER_SECOND} looks a second
 * @param patience how long another process is waited for that has begun something: then it is taken over from. Who ends a generation, which takes many requests, has {@value #PATIENCE_WITH_TURNS} times as long
 */
public record ProcessLogOptions(Duration poll, Duration patience) {
    /** How many spaces a process looks at in a second. */
    public static final int MAX_POLLS_PER_SECOND = 500;

    static final int PATIENCE_WITH_TURNS = 5;

    public ProcessLogOptions {
        requirePositive(poll, "poll");
        requirePositive(patience, "patience");
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(name + " is at least a millisecond: " + duration);
        }
    }

    /** Looks five times a second, and waits five seconds. */
    public static ProcessLogOptions defaults() {
        return new ProcessLogOptions(Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    /** The same, with another interval between two looks. */
    public ProcessLogOptions withPoll(Duration interval) {
        return new ProcessLogOptions(interval, patience);
    }
}
