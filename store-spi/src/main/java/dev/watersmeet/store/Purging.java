package dev.watersmeet.store;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a purge drops of a document (S-18); {@link DocumentState#without} is how its readers follow. For who writes a store.
 *
 * <p>Of a living document go removed registers, elements, values and leaves: without them it reads the same. Its deletions and the bases of its counters stay, for they say how the cells that they cover
 * are read. A dead document goes as a whole, or not at all.
 */
public final class Purging {
    private static final Set<Kind> DROPPED_WHEN_REMOVED =
            EnumSet.of(Kind.REGISTER, Kind.SET, Kind.MULTI, Kind.MAP, Kind.ROOT);

    private Purging() {}

    /**
     * The cells of a document that a purge drops.
     *
     * @param state all cells of the document
     * @param old whether the cell at a path was recorded before the purge's horizon
     */
    public static DocumentState droppable(DocumentState state, Predicate<Path> old) {
        if (!state.alive()) {
            boolean goes = state.cells().keySet().stream().allMatch(old);
            return goes ? state.copy() : DocumentState.empty();
        }
        Map<Path, Cell> dropped = new HashMap<>();
        state.forEach((path, cell) -> {
            if (cell.removed() && DROPPED_WHEN_REMOVED.contains(path.kind()) && old.test(path)) {
                dropped.put(path, cell);
            }
        });
        return DocumentState.of(dropped);
    }
}
