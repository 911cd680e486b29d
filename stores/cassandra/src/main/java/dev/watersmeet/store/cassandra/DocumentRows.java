package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.processlogs.Layered;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the rows of documents together, which come one after the other. They are compared as bytes: most rows are of the document before. Not thread-safe. */
final class DocumentRows {
    /** What has to be selected, in this order. */
    static final String COLUMNS = "collection, document, generation, path, cell";

    private static final int COLLECTION = 0;
    private static final int DOCUMENT = 1;
    private static final int GENERATION = 2;
    private static final int PATH = 3;
    private static final int CELL = 4;

    private final Iterator<Row> rows;
    private final Function<DocumentId, @Nullable DocumentState> whole;
    private @Nullable Row ahead;

    /** @param whole reads a document which has large cells, of which a row has only the beginning */
    DocumentRows(Iterable<Row> rows, Function<DocumentId, @Nullable DocumentState> whole) {
        this.rows = rows.iterator();
        this.whole = whole;
        this.ahead = this.rows.hasNext() ? this.rows.next() : null;
    }

    /** The next document; null after the last one. */
    @Nullable
    Layered next() {
        @Nullable Layered next = null;
        while (next == null && ahead != null) {
            next = document(ahead);
        }
        return next;
    }

    /** The document of a row and those after it; null if it has large cells, and was dropped before they were read. */
    private @Nullable Layered document(Row first) {
        DocumentId id = id(first);
        DocumentState state = DocumentState.empty();
        int generations = 0;
        boolean large = false;
        @Nullable Row before = null;
        while (ahead != null && isSame(first, ahead, COLLECTION) && isSame(first, ahead, DOCUMENT)) {
            if (before == null || !isSame(before, ahead, GENERATION)) {
                generations++;
            }
            byte[] cell = Rows.bytes(ahead, CELL);
            large |= cell.length == Cells.LARGE_CELL_BYTES;
            if (!large) {
                state.join(Rows.path(ahead, PATH), CellBytes.parse(cell));
            }
            before = ahead;
            ahead = rows.hasNext() ? rows.next() : null;
        }
        @Nullable DocumentState found = large ? whole.apply(id) : state;
        return found == null ? null : new Layered(new DocumentCells(id, found), generations);
    }

    private static boolean isSame(Row one, Row other, int column) {
        return Objects.equals(one.getBytesUnsafe(column), other.getBytesUnsafe(column));
    }

    private static DocumentId id(Row row) {
        return new DocumentId(
                Objects.requireNonNull(row.getString(COLLECTION)),
                Value.ofCanonical(Objects.requireNonNull(row.getString(DOCUMENT))));
    }
}
