package dev.watersmeet.transport.http;

import dev.watersmeet.sync.Principal;
import java.util.HashMap;
import java.util.Map;

/** Places for something that lasts: so many in all, and so many for each principal, that nobody takes those of the others. Thread-safe. */
final class Places {
    private static final long RETRY_AFTER_NANOS = 5_000_000_000L;

    private final String what;
    private final int most;
    private final int mostOfPrincipal;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    /**
     * Places that are all free.
     *
     * @param what what takes one, in the plural
     */
    Places(String what, int most, int mostOfPrincipal) {
        this.what = what;
        this.most = most;
        this.mostOfPrincipal = mostOfPrincipal;
    }

    /**
     * Takes a place.
     *
     * @throws RateLimitedException if there is none
     */
    synchronized void take(Principal principal) {
        if (all >= most) {
            throw new RateLimitedException("the server has at most " + most + " " + what, RETRY_AFTER_NANOS);
        }
        int own = taken.getOrDefault(principal.name(), 0);
        if (own >= mostOfPrincipal) {
            throw new RateLimitedException(
                    principal.name() + " has at most " + mostOfPrincipal + " " + what + " at a time",
                    RETRY_AFTER_NANOS);
        }
        taken.put(principal.name(), own + 1);
        all++;
    }

    /** Gives a place back that was taken. */
    synchronized void release(Principal principal) {
        taken.computeIfPresent(principal.name(), (key, own) -> own == 1 ? null : own - 1);
        all--;
    }
}
