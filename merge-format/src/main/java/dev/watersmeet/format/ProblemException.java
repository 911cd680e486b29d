package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

/** Thrown where a request is refused as a whole; carries the problem that is answered. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(requireNonNull(problem).code().text() + ": " + problem.detail());
        this.problem = problem;
    }

    /** An exception for a problem that says nothing of pushes. */
    public static ProblemException of(ProblemCode code, String detail) {
        return new ProblemException(Problem.of(code, detail));
    }

    /** The problem. */
    public Problem problem() {
        return problem;
    }
}
