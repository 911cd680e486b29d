package dev.watersmeet.store.embedded;

/**
 * How much memory the database may take outside of the Java heap. It takes little else: a few MiB for open files, and for each compaction that runs.
 *
 * @param cacheBytes the cache of blocks that were read, with the indexes of files; at least 1 MiB
 * @param writeBufferBytes what was written and is still to be sorted into files, over all spaces; at least 1 MiB. Larger buffers mean fewer rewrites, and a longer recovery after a crash
 */
public record EmbeddedOptions(long cacheBytes, long writeBufferBytes) {
    private static final long LEAST_BYTES = 1L << 20;
    private static final EmbeddedOptions DEFAULTS = new EmbeddedOptions(64L << 20, 64L << 20);

    public EmbeddedOptions {
        if (cacheBytes < LEAST_BYTES || writeBufferBytes < LEAST_BYTES) {
            throw new IllegalArgumentException("cache and write buffers have at least " + LEAST_BYTES + " bytes each: "
                    + cacheBytes + ", " + writeBufferBytes);
        }
    }

    /** 64 MiB for each of both: right for a server with 512 MB of memory, of which the heap takes about a half. */
    public static EmbeddedOptions defaults() {
        return DEFAULTS;
    }
}
