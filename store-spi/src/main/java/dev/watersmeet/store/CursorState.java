package dev.watersmeet.store;

/** How far a cursor goes (S-16). */
public enum CursorState {
    /** It covers all that was purged: changes go on from it, and a batch may be based on it. */
    CURRENT,
    /** Changes go on from it and tell what was purged since. A batch may not be based on it: its writer may rely on what is gone. */
    BEFORE_PURGE,
    /** Nothing goes on from it: everything is to be read anew. */
    EXPIRED
}
