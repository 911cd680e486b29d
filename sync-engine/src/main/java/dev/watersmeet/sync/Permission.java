package dev.watersmeet.sync;

/** What a principal may do in a space. */
public enum Permission {
    /** Nothing, not even learn whether the space exists. */
    NONE,
    /** Read. */
    READ,
    /** Read and write. */
    WRITE;

    boolean mayRead() {
        return this != NONE;
    }
}
