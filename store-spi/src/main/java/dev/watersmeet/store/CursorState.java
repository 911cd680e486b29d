package dev.watersmeet.store;

/** How far a cursor goes (S-16). */
public enum CursorState {
    /** It covers all that was purged: changes go on from it, and a batch may be based on it. */
    CURRENT,
    /** Changes go on from it and tell what was purged since. A batch may not be based on it: its writer may rely on what is gone. */
    BEFORE_PURGE,
    /**
     * It is of the epoch before, whose renewal ended it, and covers all that the copy had purged by then; and nothing was purged since. Nothing goes on from it, but whoever stands there may offer again what it holds and the copy
     * lacks (P-23): it has forgotten nothing that the copy has not (S-25).
     */
    BEFORE_RENEWAL,
    /** Nothing goes on from it: everything is to be read anew. */
    EXPIRED
}
