package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.store.processlogs.ProcessLogOptions;

/**
 * How a store uses its folder.
 *
 * @param maxMemoryBytes how many bytes of the spaces in use are kept in memory, of cells and of where the entries of logs are: a space that has more by itself is not written to. Objects take about three times as much of the heap
 * @param waiting how servers wait for each other
 */
public record DrillOptions(long maxMemoryBytes, ProcessLogOptions waiting) {
    private static final long DEFAULT_MEMORY_BYTES = 128L << 20;

    public DrillOptions {
        requireNonNull(waiting);
        if (maxMemoryBytes < 1) {
            throw new IllegalArgumentException("the bound of memory is positive: " + maxMemoryBytes);
        }
    }

    /** 128 MiB of cells; a look five times a second. */
    public static DrillOptions defaults() {
        return new DrillOptions(DEFAULT_MEMORY_BYTES, ProcessLogOptions.defaults());
    }

    /** The same with another bound of memory. */
    public DrillOptions withMaxMemoryBytes(long bytes) {
        return new DrillOptions(bytes, waiting);
    }

    /** The same with other waiting. */
    public DrillOptions withWaiting(ProcessLogOptions other) {
        return new DrillOptions(maxMemoryBytes, other);
    }
}
