package dev.watersmeet.store.zookeeper;

/**
 * How much a store keeps. ZooKeeper has all of it in the memory of every server, and answers requests above a megabyte, listings of children among them, by cutting the connection: so what would be above is refused before
 * anything is sent.
 *
 * @param spaces how many spaces there are
 * @param documents how many documents a space has
 * @param replicas how many replicas, which are browsers and programs, a space remembers the last push of
 * @param bytes how many bytes of documents, marks and metadata a space has; cells that only remove are taken also above it
 * @param logEntries how many entries of its log a space keeps: who comes back after more begins anew with a snapshot
 * @param logBytes how many bytes of them
 */
public record Bounds(int spaces, int documents, int replicas, long bytes, int logEntries, long logBytes) {
    private static final int MAX_SPACES = 3_000; // whose names, of 128 characters, are listed at once
    private static final int MAX_CHILDREN = 16 * 10_000; // of 16 parents
    private static final int MAX_LOG_ENTRIES = 20_000;

    public Bounds {
        requireBetween(1, MAX_SPACES, "spaces", spaces);
        requireBetween(1, MAX_CHILDREN, "documents", documents);
        requireBetween(1, MAX_CHILDREN, "replicas", replicas);
        requireBetween(1, Long.MAX_VALUE, "bytes", bytes);
        requireBetween(1, MAX_LOG_ENTRIES, "entries of a log", logEntries);
        requireBetween(1, Long.MAX_VALUE, "bytes of a log", logBytes);
    }

    private static void requireBetween(long least, long most, String what, long value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "a store on ZooKeeper is bounded to " + least + " to " + most + " " + what + ": " + value);
        }
    }

    /** 1,000 spaces, each of 20,000 documents, 50,000 replicas and 32 MiB, with a log of 5,000 entries and 16 MiB. */
    public static Bounds defaults() {
        return new Bounds(1_000, 20_000, 50_000, 32L << 20, 5_000, 16L << 20);
    }
}
