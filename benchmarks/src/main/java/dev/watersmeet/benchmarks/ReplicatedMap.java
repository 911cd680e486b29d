package dev.watersmeet.benchmarks;

/**
 * One replica of a map whose latest write to a key wins, as each contender makes it. Keys are numbers whose texts are {@link Keys}.
 *
 * <p>Deltas and other replicas are always of the same contender; handing over another's is an error of the benchmark.
 */
interface ReplicatedMap extends AutoCloseable {
    /** Writes at this replica, after everything that it has seen. A value that stands there already may not be a write to all contenders: Automerge drops it. */
    void write(int key, String value);

    /** What was written since the last call, as another replica takes it. */
    Object takeDelta();

    /** Merges what {@link #takeDelta} gave at another replica. */
    void mergeDelta(Object delta);

    /** Merges all of another replica. */
    void merge(ReplicatedMap other);

    /** A map with the same entries that changes on its own, as another replica if those have names. */
    ReplicatedMap copy();

    /** Whether a key's value has arrived: that a merge took place. */
    boolean holds(int key, String value);

    /** The number of entries. */
    int size();

    /** What holds the entries. */
    Object held();

    /** Frees memory outside of the heap. */
    @Override
    default void close() {}

    /** Writes a range of keys, and forgets the deltas. */
    default void fill(int from, int to) {
        for (int key = from; key < to; key++) {
            write(key, Keys.VALUE);
            if (key % 1000 == 999) {
                takeDelta();
            }
        }
        takeDelta();
    }
}
