package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.Pushes;
import java.util.List;
import java.util.Map;

/** Documents and marks. */
final class Sample {
    static final SpaceId SPACE = SpaceId.of("space");

    private Sample() {}

    static Mark mark(ReplicaId replica, int n) {
        return new Mark(replica, "ada", n, "nonce" + n, "");
    }

    static DocumentCells document(ReplicaId replica, long n) {
        return document(replica + "-" + n, replica, n, Value.of(n));
    }

    static DocumentCells document(String id, ReplicaId replica, long n, Value value) {
        Stamp stamp = Stamp.of(1_700_000_000_000L + n, 0, replica);
        return new DocumentCells(
                DocumentId.of("things", id),
                DocumentState.of(Map.of(
                        Path.existence(replica), Cell.live(stamp), Path.register("field"), Cell.live(stamp, value))));
    }

    /** Pushes of a document each. */
    static Pushes pushesThrough(Store... stores) {
        return Pushes.through(SPACE, mark -> List.of(document(mark.replica(), mark.number())), stores);
    }
}
