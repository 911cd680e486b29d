package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

    private final int status;
    private final Retry retry;
    private final String title;

    ProblemCode(int status, Retry retry, String title) {
        this.status = status;
        this.retry = retry;
        this.title = title;
    }

    /**
     * The code as it travels, or, where a later version of the format has added it, one that asks for what its status does.
     *
     * @param status the HTTP status, if the problem names it
     * @throws MalformedException if there is no such code, and no status that would tell what it asks for
     */
    static ProblemCode of(String text, @Nullable Long status) {
        for (ProblemCode code : values()) {
            if (code.text().equals(text)) {
                return code;
            }
        }
        if (status == null || status < 400 || status > 599) {
            throw MalformedException.of("a problem has a code of P-14, or a status", text);
        }
        if (status == RESYNC.status) {
            return RESYNC;
        }
        return status < INTERNAL.status ? MALFORMED : INTERNAL;
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
