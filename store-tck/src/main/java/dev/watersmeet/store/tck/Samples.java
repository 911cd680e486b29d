package dev.watersmeet.store.tck;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import java.util.List;
import java.util.Map;

/** Cells and batches for the tests. */
final class Samples {
    static final ReplicaId REPLICA = new ReplicaId(7);

    /** Of a value that few fit on a page; below what any store refuses. */
    static final int LARGE_BYTES = 200_000;

    private static final long START = 1_700_000_000_000L;

    private Samples() {}

    static DocumentId document(String id) {
        return DocumentId.of("things", id);
    }

    /** The n-th stamp of the usual replica. */
    static Stamp stamp(int n) {
        return stamp(n, REPLICA);
    }

    static Stamp stamp(int n, ReplicaId replica) {
        return Stamp.of(START + n / 1000, n % 1000, replica);
    }

    /** An edit of one register, with the existence that every edit writes. */
    static DocumentCells edit(DocumentId id, String field, int n, Object value) {
        return new DocumentCells(
                id,
                DocumentState.of(Map.of(
                        Path.existence(REPLICA),
                        Cell.live(stamp(n)),
                        Path.register(field),
                        Cell.live(stamp(n), Value.of(value)))));
    }

    static DocumentCells edit(String id, int n) {
        return edit(document(id), "field", n, n);
    }

    /** The deletion of a document by who has seen the edits of {@link #REPLICA} up to the n-th. */
    static DocumentCells deletion(DocumentId id, int n) {
        return cell(id, Path.deletion(REPLICA), Cell.removed(stamp(n)));
    }

    /** Cells of a document joined. */
    static DocumentCells joined(DocumentCells first, DocumentCells... others) {
        DocumentState cells = first.cells().copy();
        for (DocumentCells other : others) {
            cells.join(other.cells());
        }
        return new DocumentCells(first.id(), cells);
    }

    /** An edit of so many registers with a value of {@link #LARGE_BYTES} each. */
    static DocumentCells large(String id, int fields) {
        DocumentState cells = DocumentState.empty();
        for (int i = 0; i < fields; i++) {
            cells.join(
                    edit(document(id), "field" + i, i, "x".repeat(LARGE_BYTES)).cells());
        }
        return new DocumentCells(document(id), cells);
    }

    static DocumentCells cell(DocumentId id, Path path, Cell cell) {
        return new DocumentCells(id, DocumentState.of(Map.of(path, cell)));
    }

    static Batch batch(DocumentCells... documents) {
        return Batch.of(List.of(documents));
    }

    static Mark mark(ReplicaId replica, int number) {
        return new Mark(replica, "ada", number, "nonce" + number, "{\"rejected\":[]}");
    }
}
