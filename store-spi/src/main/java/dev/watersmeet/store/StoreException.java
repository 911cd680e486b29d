package dev.watersmeet.store;

import org.jspecify.annotations.Nullable;

/** Thrown where a store cannot do what it was asked. Nothing was changed, unless the kind says that this is not known. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, and whether another try can help. */
    public enum Kind {
        /** The cursor or position is unknown or too old: read everything anew. */
        CURSOR_EXPIRED(false),
        /** Something is above a limit of this store. */
        TOO_LARGE(false),
        /** The store's own data cannot be read, or belongs to somebody else; the message says what to do. */
        UNUSABLE(false),
        /** The store cannot be reached or has no room. Whether a write has happened is not known. */
        UNAVAILABLE(true),
        /** The store is closed. */
        CLOSED(false);

        private final boolean retryable;

        Kind(boolean retryable) {
            this.retryable = retryable;
        }

        /** Whether the same call may succeed later. */
        public boolean retryable() {
            return retryable;
        }
    }

    private final Kind kind;

    public StoreException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message) {
        this(kind, message, null);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }
}
