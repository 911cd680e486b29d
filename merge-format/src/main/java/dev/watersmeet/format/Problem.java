package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused as a whole (P-14).
 *
 * @param code the stable code
 * @param detail what is wrong, for people; names the offending thing and the limit
 * @param tellsLast whether the last accepted push of the replica is told: then null means that there is none, and not that it is unknown (P-6)
 * @param last the last accepted push of the replica
 */
public record Problem(ProblemCode code, String detail, boolean tellsLast, @Nullable PushOutcome last) {
    public Problem {
        requireNonNull(code);
        requireNonNull(detail);
        if (last != null && !tellsLast) {
            throw new IllegalArgumentException("a last push that is not told");
        }
    }

    /** A problem that tells the last accepted push of the replica, or that there is none. */
    public Problem(ProblemCode code, String detail, @Nullable PushOutcome last) {
        this(code, detail, true, last);
    }

    /** A problem that says nothing of pushes. */
    public static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, false, null);
    }
}
