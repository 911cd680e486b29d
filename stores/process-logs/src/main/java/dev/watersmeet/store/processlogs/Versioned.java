package dev.watersmeet.store.processlogs;

import static java.util.Objects.requireNonNull;

/** What a record holds. Its version is a random number that is drawn with each change, so that no two states of a record, also if it was deleted between, are taken for one. The bytes are not to be changed. */
public final class Versioned {
    private final long version;
    private final byte[] bytes;

    private Versioned(long version, byte[] bytes) {
        this.version = version;
        this.bytes = bytes;
    }

    /** A record's state. */
    public static Versioned of(long version, byte[] bytes) {
        return new Versioned(version, requireNonNull(bytes));
    }

    /** What tells this state from all others of the record. */
    public long version() {
        return version;
    }

    /** What it holds. */
    public byte[] bytes() {
        return bytes;
    }
}
