package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The stable codes of problems (P-14), with their HTTP status and what a retry needs. */
public enum ProblemCode {
    MALFORMED(400, Retry.NEVER, "The request is not of the merge format"),
    PROTOCOL_UNSUPPORTED(400, Retry.NEVER, "The version of the merge format is not supported"),
    UNAUTHENTICATED(401, Retry.TOKEN, "No valid token"),
    FORBIDDEN(403, Retry.NEVER, "Not allowed in this space"),
    REPLICA_BOUND(403, Retry.NEVER, "The replica id belongs to somebody else"),
    NOT_FOUND(404, Retry.NEVER, "No such resource"),
    METHOD_NOT_ALLOWED(405, Retry.NEVER, "The resource has no such method"),
    RESYNC(409, Retry.RESYNC, "The cursor is unknown or too old"),
    PURGED(409, Retry.PULL, "Something was purged after the cursor"),
    RESTORED(409, Retry.REOFFER, "The server was put back to an older copy"),
    PULL_FIRST(409, Retry.RESYNC, "A replica pulls before it pushes"),
    PUSH_OUT_OF_ORDER(409, Retry.SETTLE, "The push is not the next one"),
    REPLICA_CLONED(409, Retry.SETTLE, "Somebody else pushes under this replica id"),
    TOO_LARGE(413, Retry.NEVER, "Above a limit"),
    UNSUPPORTED_MEDIA_TYPE(415, Retry.NEVER, "Not JSON, or an unknown content encoding"),
    RATE_LIMITED(429, Retry.LATER, "Too many requests"),
    INTERNAL(500, Retry.LATER, "An error in the server"),
    STORE_UNAVAILABLE(503, Retry.LATER, "The store cannot be reached");

    /** What must happen before the same request can succeed. */
    public enum Retry {
        /** Nothing helps. */
        NEVER,
        /** Time. */
        LATER,
        /** A new token. */
        TOKEN,
        /** Settling by the last accepted push. */
        SETTLE,
        /** Reading what has changed. */
        PULL,
        /** A snapshot. */
        RESYNC,
        /** A snapshot, after which what the server has lost is offered again (P-23). */
        REOFFER;

        /** The text as it travels. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Statuses beside that of {@link #RATE_LIMITED} that time helps with (P-27). */
    private static final Set<Long> PASSING = Set.of(408L, 425L, 429L);

    private final int status;
    private final Retry retry;
    private final String title;

    ProblemCode(int status, Retry retry, String title) {
        this.status = status;
        this.retry = retry;
        this.title = title;
    }

    /**
     * Parses a code as it travels.
     *
     * @throws MalformedException if there is no such code
     */
    public static ProblemCode parse(String text) {
        return find(text).orElseThrow(() -> MalformedException.of("a problem has a code of P-14", text));
    }

    /** The code of a text; empty if it is none that is known here. */
    static Optional<ProblemCode> find(String text) {
        return Arrays.stream(values()).filter(code -> code.text().equals(text)).findFirst();
    }

    /**
     * What a code that is not known here is taken for (P-27): the first code of its status that is retried as it says; else the first that is retried so; else, if its word is not known either, what
     * its status says.
     *
     * @param status of HTTP
     * @param word what must happen before a retry, as it travels
     */
    static ProblemCode nearest(long status, String word) {
        return Arrays.stream(values())
                .filter(code -> code.retry.text().equals(word))
                .min(Comparator.comparing(code -> code.status != status))
                .orElseGet(() -> nearest(status));
    }

    private static ProblemCode nearest(long status) {
        return Stream.of(
                        UNAUTHENTICATED,
                        FORBIDDEN,
                        NOT_FOUND,
                        RESYNC,
                        TOO_LARGE,
                        UNSUPPORTED_MEDIA_TYPE,
                        STORE_UNAVAILABLE)
                .filter(code -> code.status == status)
                .findFirst()
                .orElseGet(() ->
                        status >= INTERNAL.status ? INTERNAL : PASSING.contains(status) ? RATE_LIMITED : MALFORMED);
    }

    /** The code as it travels. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What must happen before the same request can succeed. */
    public Retry retry() {
        return retry;
    }

    /** What the code means, for people. */
    public String title() {
        return title;
    }
}
