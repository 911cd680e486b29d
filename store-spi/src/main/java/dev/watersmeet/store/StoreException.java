package dev.watersmeet.store;

import dev.watersmeet.crdt.DocumentId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Thrown where a store cannot do what it was asked. Nothing was changed, unless the kind says that this is not known. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, and whether another try can help. */
    public enum Kind {
        /** The cursor or position is unknown or too old: read everything anew. */
        CURSOR_EXPIRED(false),
        /** The replica has another mark than the batch expects (S-24): read it anew. */
        MARK_MOVED(false),
        /** Something is above a limit of this store. */
        TOO_LARGE(false),
        /** The store does not claim the capability that this needs. */
        UNSUPPORTED(false),
        /** The store's own data cannot be read, or belongs to somebody else; the message says what to do. */
        UNUSABLE(false),
        /** The store cannot be reached or has no room. Whether a write has happened is not known; joining the same again is right in either case. */
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
    private final transient Set<DocumentId> documents;

    private StoreException(Kind kind, String message, @Nullable Throwable cause, Set<DocumentId> documents) {
        super(message, cause);
        this.kind = kind;
        this.documents = Set.copyOf(documents);
    }

    public StoreException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, Set.of());
    }

    public StoreException(Kind kind, String message) {
        this(kind, message, null, Set.of());
    }

    /** The refusal of a batch because of documents that are above a limit by themselves: the same batch without them may be joined. */
    public static StoreException tooLarge(Set<DocumentId> documents, String message) {
        return new StoreException(Kind.TOO_LARGE, message, null, documents);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same call may succeed later. */
    public boolean retryable() {
        return kind.retryable();
    }

    /** The documents because of which a batch was refused; none where it is not for them alone. */
    public Set<DocumentId> documents() {
        return documents;
    }
}
