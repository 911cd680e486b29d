package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tells which existences of a document are left out when it is written to a batch (M-33). It serves one document after the other. */
final class ImpliedExistences {
    private final Map<ReplicaId, Stamp> newest = new HashMap<>();
    private final Set<ReplicaId> existing = new HashSet<>();
    private boolean bare;

    /** Looks at a document's cells. */
    void look(DocumentState cells) {
        newest.clear();
        existing.clear();
        cells.forEach((path, cell) -> {
            if (path.kind() == Kind.EXISTENCE) {
                existing.add(path.replica());
            } else if (!cell.removed()) {
                newest.merge(cell.stamp().replica(), cell.stamp(), (one, other) -> one.isAfter(other) ? one : other);
            }
        });
        bare = !existing.containsAll(newest.keySet());
    }

    /** Whether the document lacks an existence that its cells imply, so that none may be left out. */
    boolean bare() {
        return bare;
    }

    /** Whether a cell is left out. */
    boolean implied(Path path, Cell cell) {
        return !bare && path.kind() == Kind.EXISTENCE && cell.stamp().equals(newest.get(path.replica()));
    }
}
