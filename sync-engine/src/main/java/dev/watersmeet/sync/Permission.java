package dev.watersmeet.sync;

/** What a principal may do in a space. */
public enum Permission {
    /** Nothing, not even learn whether the space exists. */
    NONE,
    /** Read. */
    READ,
    /** Read and write. */
    WRITE;

    /** The lesser of the two. */
    Permission atMost(Permission other) {
        return compareTo(other) <= 0 ? this : other;
    }

    boolean mayRead() {
        return this != NONE;
    }
}
