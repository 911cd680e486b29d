package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.Map;

/** Cells for the tests. */
final class Sample {
    static final ReplicaId REPLICA = new ReplicaId(7);
    private static final long START = 1_700_000_000_000L;

    private Sample() {}

    static DocumentId document(String id) {
        return DocumentId.of("things", id);
    }

    /** An edit of a register, with the existence that every edit writes. */
    static DocumentCells edit(String id, int n, Object value) {
        Stamp stamp = Stamp.of(START + n, 0, REPLICA);
        return new DocumentCells(
                document(id),
                DocumentState.of(Map.of(
                        Path.existence(REPLICA),
                        Cell.live(stamp),
                        Path.register("field"),
                        Cell.live(stamp, Value.of(value)))));
    }
}
