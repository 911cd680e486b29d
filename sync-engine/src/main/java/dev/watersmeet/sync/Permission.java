package dev.watersmeet.sync;

/** What a principal may do in a space. */
public enum Permission {
    /** Nothing, not even learn whether the space exists. */
    NONE,
    /** Read. */
    READ,
    /** Read and write. */
    WRITE,
    /**
     * Read and write, and forward what others wrote: for trusted servers that stand between replicas (P-26). Has to be granted twice, by the {@link Access} and by the principal's {@link Grants}, neither of
     * which gives it unless it is named there. Each push that makes use of it is logged.
     */
    RELAY;

    /** The lesser of the two. */
    Permission atMost(Permission other) {
        return compareTo(other) <= 0 ? this : other;
    }

    boolean mayRead() {
        return this != NONE;
    }

    boolean mayWrite() {
        return compareTo(WRITE) >= 0;
    }

    boolean mayRelay() {
        return this == RELAY;
    }
}
