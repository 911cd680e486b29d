package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What stands at a path: the only thing that is stored, sent, compared and merged (M-8).
 *
 * <p>The natural order is total and is the merge: at one path the greater cell wins.
 *
 * @param stamp the edit that wrote it; for removals of set elements and for deletions the edit that is undone
 * @param removed whether this takes away what stood here
 * @param value what is held, if cells at this kind of path hold anything
 */
public record Cell(Stamp stamp, boolean removed, @Nullable Value value) implements Comparable<Cell> {
    public Cell {
        requireNonNull(stamp);
    }

    /** A cell that holds a value. */
    public static Cell live(Stamp stamp, Value value) {
        return new Cell(stamp, false, requireNonNull(value));
    }

    /** A cell whose presence says it all. */
    public static Cell live(Stamp stamp) {
        return new Cell(stamp, false, null);
    }

    /** A cell that takes away. */
    public static Cell removed(Stamp stamp) {
        return new Cell(stamp, true, null);
    }

    /** Whether this wins over another cell at the same path. */
    public boolean wins(@Nullable Cell other) {
        return other == null || compareTo(other) > 0;
    }

    @Override
    public int compareTo(Cell other) {
        int order = stamp.compareTo(other.stamp);
        if (order == 0) {
            order = Boolean.compare(removed, other.removed);
        }
        return order == 0 ? compareValues(value, other.value) : order;
    }

    static int compareValues(@Nullable Value one, @Nullable Value two) {
        if (one == null || two == null) {
            return Boolean.compare(one != null, two != null);
        }
        return one.compareTo(two);
    }
}
