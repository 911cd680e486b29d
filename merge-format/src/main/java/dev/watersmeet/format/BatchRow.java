package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.ReplicaId;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A cell that is listed in a batch while that is written.
 *
 * @param place the cell's path, in the dictionaries
 * @param cell the cell
 * @param replica the replica of its stamp
 */
record BatchRow(Place place, Cell cell, BatchDictionary.Entry<ReplicaId> replica) {
    /** The order of the cells of a document (M-31). */
    static final Comparator<BatchRow> ORDER = Comparator.<BatchRow>comparingInt(row -> row.place.entry.index())
            .thenComparingInt(row -> row.place.replica == null ? -1 : row.place.replica.index());

    /**
     * A path in the dictionaries. Cells at one path share it.
     *
     * @param entry the path's text without its replica
     * @param replica the replica at the path's end, if there is one
     */
    record Place(BatchDictionary.Entry<String> entry, BatchDictionary.@Nullable Entry<ReplicaId> replica) {}
}
