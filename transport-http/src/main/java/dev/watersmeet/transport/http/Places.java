package dev.watersmeet.transport.http;

import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.sync.Principal;
import java.util.HashMap;
import java.util.Map;

/** The places for live feeds: so many in all, and so many for each principal, that nobody takes those of the others. Thread-safe. */
final class Places {
    private final int most;
    private final int mostOfPrincipal;
    private final Map<Principal, Integer> taken = new HashMap<>();
    private int all;

    Places(int most, int mostOfPrincipal) {
        this.most = most;
        this.mostOfPrincipal = mostOfPrincipal;
    }

    /**
     * Takes a place.
     *
     * @throws ProblemException {@code rate-limited}, if there is none
     */
    synchronized void take(Principal principal) {
        if (all >= most) {
            throw ProblemException.of(ProblemCode.RATE_LIMITED, "the server has at most " + most + " live feeds");
        }
        int own = taken.getOrDefault(principal, 0);
        if (own >= mostOfPrincipal) {
            throw ProblemException.of(
                    ProblemCode.RATE_LIMITED,
                    principal.name() + " has at most " + mostOfPrincipal + " live feeds at a time");
        }
        taken.put(principal, own + 1);
        all++;
    }

    /** Gives a place back that was taken. */
    synchronized void release(Principal principal) {
        taken.computeIfPresent(principal, (key, own) -> own == 1 ? null : own - 1);
        all--;
    }
}
