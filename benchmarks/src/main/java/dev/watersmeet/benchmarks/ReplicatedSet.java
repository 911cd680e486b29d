package dev.watersmeet.benchmarks;

import java.util.List;

/**
 * One replica of an add-wins observed-remove set, as each contender makes it.
 *
 * <p>Deltas and other replicas are always of the same contender; handing over another's is an error of the benchmark.
 */
interface ReplicatedSet {
    /** Adds an element; an addition of one that is present is renewed. The delta of it. */
    Object add(String element);

    /** Adds elements. The delta of all. */
    Object addAll(List<String> elements);

    /** Merges what {@link #addAll} gave at another replica. */
    void mergeDelta(Object delta);

    /** Merges all of another replica. */
    void merge(ReplicatedSet other);

    /** A set with the same elements that changes on its own, as another replica. */
    ReplicatedSet copy();

    /** The number of elements. */
    int size();
}
