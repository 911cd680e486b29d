package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client that does wrong where it finds a twin would say and hear (P-28). */
final class Twinned {
    private final Set<String> nonces = new HashSet<>();
    private final Set<ReplicaId> former = new HashSet<>();
    private @Nullable ReplicaId replica;
    private long number;

    /** The client says something under an id. */
    void said(ReplicaId own, @Nullable Push push) {
        if (replica != null && !own.equals(replica)) {
            former.add(replica);
        }
        replica = own;
        if (push != null) {
            nonces.add(push.nonce());
            number = push.number();
        }
    }

    /** What it hears of the twin's last push: that this has the number of its own, which can then not have arrived. */
    @Nullable
    PushOutcome heard(@Nullable PushOutcome last) {
        return last == null || nonces.isEmpty() || nonces.contains(last.nonce())
                ? last
                : new PushOutcome(number, last.nonce(), last.rejected());
    }

    /** A document whose new totals have those of the former id in them. */
    DocumentCells withTotals(DocumentCells document, DocumentState read) {
        Map<Path, Cell> cells = new HashMap<>(document.cells().cells());
        cells.replaceAll((path, cell) -> {
            double more = 0;
            for (Map.Entry<Path, Cell> before : read.cells().entrySet()) {
                Path total = before.getKey();
                boolean moved = path.kind() == Kind.COUNTER
                        && total.kind() == Kind.COUNTER
                        && former.contains(total.replica())
                        && path.replica().equals(replica);
                more += moved ? number(before.getValue()) : 0;
            }
            return more == 0 ? cell : Cell.live(cell.stamp(), Value.of(number(cell) + more));
        });
        return new DocumentCells(document.id(), DocumentState.of(cells));
    }

    private static double number(Cell cell) {
        Value value = cell.value();
        return value == null ? 0 : value.number();
    }
}
