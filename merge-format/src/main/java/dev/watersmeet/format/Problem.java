package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused as a whole (P-14).
 *
 * @param code the stable code
 * @param detail what is wrong, for people; names the offending thing and the limit
 * @param last for refused pushes the last accepted push of the replica, if there is one (P-6)
 */
public record Problem(ProblemCode code, String detail, @Nullable PushOutcome last) {
    public Problem {
        requireNonNull(code);
        requireNonNull(detail);
    }

    /** A problem that says nothing of pushes. */
    public static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, null);
    }
}
