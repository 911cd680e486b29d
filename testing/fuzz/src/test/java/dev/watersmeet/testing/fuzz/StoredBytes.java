package dev.watersmeet.testing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.embedded.StoredForms;
import java.util.List;
import java.util.Map;

/** What stores keep as bytes: damaged bytes are told, whatever the damage. */
final class StoredBytes {
    private static final ReplicaId REPLICA = new ReplicaId(7);
    private static final Stamp STAMP = Stamp.of(1_767_225_600_000L, 3, REPLICA);
    private static final DocumentId ID = DocumentId.of("todos", "t1");
    private static final Map<Path, Cell> CELLS = Map.of(
            Path.existence(REPLICA), Cell.live(STAMP),
            Path.register("title"), Cell.live(STAMP, Value.of("Buy milk")),
            Path.element("tags", Value.of("a"), REPLICA), Cell.removed(STAMP));

    private StoredBytes() {}

    static void checkCell(byte[] input) {
        Cell cell;
        try {
            cell = CellBytes.parse(input);
        } catch (MalformedException e) {
            return;
        }
        assertThat(CellBytes.parse(CellBytes.of(cell))).isEqualTo(cell);
    }

    static List<byte[]> cells() {
        return CELLS.values().stream().map(CellBytes::of).toList();
    }

    static List<byte[]> logEntries() {
        return StoredForms.logEntries(new DocumentCells(ID, DocumentState.of(CELLS)));
    }

    static List<byte[]> marks() {
        return StoredForms.marks(REPLICA, STAMP.toString());
    }

    static List<byte[]> heads() {
        return StoredForms.heads();
    }

    static List<byte[]> keys() {
        return CELLS.keySet().stream().map(path -> StoredForms.key(ID, path)).toList();
    }
}
