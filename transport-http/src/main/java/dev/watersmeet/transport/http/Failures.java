package dev.watersmeet.transport.http;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered where something failed, and what is logged of it: the cause for those who run the server, nothing of it for those who ask. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /**
     * The problem that a failure is answered with.
     *
     * @param doing what failed, in words of our own
     */
    static Problem problem(RuntimeException failure, String doing) {
        if (failure instanceof ProblemException refusal) {
            return refusal.problem();
        }
        if (failure instanceof MalformedException) {
            return Problem.of(ProblemCode.MALFORMED, String.valueOf(failure.getMessage()));
        }
        if (failure instanceof StoreException store) {
            return problem(store, doing);
        }
        log.error("{} failed", doing, failure);
        return Problem.of(ProblemCode.INTERNAL, "an error in the server, which its log describes");
    }

    private static Problem problem(StoreException failure, String doing) {
        return switch (failure.kind()) {
            case TOO_LARGE -> Problem.of(ProblemCode.TOO_LARGE, "above a limit of the store");
            case CURSOR_EXPIRED -> Problem.of(ProblemCode.RESYNC, "the cursor is unknown or too old");
            case UNSUPPORTED -> {
                log.error("{} failed: it asked the store for what that does not claim", doing, failure);
                yield Problem.of(ProblemCode.INTERNAL, "an error in the server, which its log describes");
            }
            case UNAVAILABLE, UNUSABLE, CLOSED, MARK_MOVED -> {
                log.warn("{} failed: the store is {}", doing, failure.kind(), failure);
                yield Problem.of(ProblemCode.STORE_UNAVAILABLE, "the store cannot be reached at present");
            }
        };
    }
}
