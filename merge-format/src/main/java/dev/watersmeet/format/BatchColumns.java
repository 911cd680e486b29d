package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import java.util.EnumMap;
import java.util.Map;

/** The columns of a batch while they are written, with what they keep from one cell to the next. */
final class BatchColumns {
    private final Map<BatchColumn, ColumnWriter> columns = new EnumMap<>(BatchColumn.class);
    private final ColumnWriter ids;
    private final ColumnWriter idLengths;
    private final ColumnWriter counts;
    private final ColumnWriter paths;
    private final ColumnWriter millis;
    private final ColumnWriter valueLengths;
    private final ColumnWriter values;
    private final RunWriter flags;
    private final RunWriter collections;
    private final RunWriter removals;
    private final RunWriter counters;
    private final RunWriter stampReplicas;
    private final RunWriter pathReplicas;
    private long lastMillis;

    BatchColumns() {
        for (BatchColumn column : BatchColumn.values()) {
            columns.put(column, new ColumnWriter());
        }
        ids = column(BatchColumn.DOCUMENT_IDS);
        idLengths = column(BatchColumn.DOCUMENT_ID_LENGTHS);
        counts = column(BatchColumn.DOCUMENT_CELLS);
        paths = column(BatchColumn.CELL_PATHS);
        millis = column(BatchColumn.STAMP_MILLIS);
        valueLengths = column(BatchColumn.VALUE_LENGTHS);
        values = column(BatchColumn.VALUES);
        flags = new RunWriter(column(BatchColumn.DOCUMENT_FLAGS));
        collections = new RunWriter(column(BatchColumn.DOCUMENT_COLLECTIONS));
        removals = new RunWriter(column(BatchColumn.CELL_REMOVED));
        counters = new RunWriter(column(BatchColumn.STAMP_COUNTERS));
        stampReplicas = new RunWriter(column(BatchColumn.STAMP_REPLICAS));
        pathReplicas = new RunWriter(column(BatchColumn.PATH_REPLICAS));
    }

    private ColumnWriter column(BatchColumn column) {
        return column.of(columns);
    }

    void collection(String name) {
        column(BatchColumn.COLLECTIONS).text(name);
    }

    void replica(ReplicaId replica) {
        column(BatchColumn.REPLICAS).bits(replica.bits());
    }

    void path(String entry) {
        column(BatchColumn.PATHS).text(entry);
    }

    void document(int flag, int collection, String id, int cells) {
        flags.add(flag);
        collections.add(collection);
        ids.text(id, idLengths);
        counts.integer(cells);
    }

    /** @param step from the entry of the path of the cell before, in the same document */
    void cell(BatchRow row, int step) {
        Cell cell = row.cell();
        paths.integer(step);
        removals.add(cell.removed() ? 1 : 0);
        stamp(cell.stamp(), row.replica().index());
        if (row.place().replica() != null) {
            int replica = row.place().replica().index();
            pathReplicas.add(replica == row.replica().index() ? 0 : replica + 1L);
        }
        if (cell.value() != null) {
            values.text(cell.value().text(), valueLengths);
        }
    }

    private void stamp(Stamp stamp, int replica) {
        millis.signed(stamp.millis() - lastMillis);
        lastMillis = stamp.millis();
        counters.add(stamp.counter());
        stampReplicas.add(replica);
    }

    /** Writes all columns, each after its length. */
    void writeTo(ColumnWriter out) {
        for (RunWriter runs : new RunWriter[] {flags, collections, removals, counters, stampReplicas, pathReplicas}) {
            runs.end();
        }
        columns.values().forEach(out::part); // in the order of the enum
    }
}
