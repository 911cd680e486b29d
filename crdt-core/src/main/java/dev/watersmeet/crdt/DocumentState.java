package dev.watersmeet.crdt;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The state of a document, or a part of it: a map from paths to cells (M-9). A delta is a state, too.
 *
 * <p>Merging is pointwise maximum, hence commutative, associative and idempotent: a join semilattice, as in Shapiro, Preguiça, Baquero and Zawirski, "Conflict-free
 * Replicated Data Types" (SSS 2011); deltas as in Almeida, Shoker and Baquero, "Delta State Replicated Data Types" (2018). Mutable and not thread-safe.
 */
public final class DocumentState {
    private final Map<Path, Cell> cells;

    private DocumentState(Map<Path, Cell> cells) {
        this.cells = cells;
    }

    /** A state without cells. */
    public static DocumentState empty() {
        return new DocumentState(new HashMap<>());
    }

    /**
     * A state of the given cells.
     *
     * @throws MalformedException if a cell is not of its path's kind
     */
    public static DocumentState of(Map<Path, Cell> cells) {
        DocumentState state = empty();
        cells.forEach(state::join);
        return state;
    }

    /** A copy that changes on its own. */
    public DocumentState copy() {
        return new DocumentState(new HashMap<>(cells));
    }

    /**
     * Merges a cell.
     *
     * @return whether the state has changed
     * @throws MalformedException if the cell is not of its path's kind
     */
    public boolean join(Path path, Cell cell) {
        path.kind().check(cell);
        return put(path, cell);
    }

    /**
     * Merges another state (M-9).
     *
     * @return whether this state has changed
     */
    public boolean join(DocumentState other) {
        boolean changed = false;
        for (Map.Entry<Path, Cell> entry : other.cells.entrySet()) {
            changed |= put(entry.getKey(), entry.getValue());
        }
        return changed;
    }

    private boolean put(Path path, Cell cell) {
        if (!cell.wins(cells.get(path))) {
            return false;
        }
        cells.put(path, cell);
        return true;
    }

    /** The cell at a path, if there is one. */
    public @Nullable Cell get(Path path) {
        return cells.get(path);
    }

    /** Takes a cell away: for layers that are settled, never a part of merging. */
    void drop(Path path) {
        cells.remove(path);
    }

    /** Puts a cell whatever stands there: for pending counters, which hold differences. */
    void replace(Path path, Cell cell) {
        cells.put(path, cell);
    }

    /** The cells, read-only, in no particular order. */
    public Map<Path, Cell> cells() {
        return Collections.unmodifiableMap(cells);
    }

    /** Calls for each cell, in no particular order. */
    public void forEach(BiConsumer<Path, Cell> action) {
        cells.forEach(action);
    }

    /** The number of cells. */
    public int size() {
        return cells.size();
    }

    /** Whether there are no cells. */
    public boolean isEmpty() {
        return cells.isEmpty();
    }

    /** Whether the document lives: some replica's edit is not covered by a deletion (M-11). */
    public boolean alive() {
        for (Map.Entry<Path, Cell> entry : cells.entrySet()) {
            if (entry.getKey().kind() == Kind.EXISTENCE && !covered(entry.getKey(), entry.getValue())) {
                return true;
            }
        }
        return false;
    }

    /** Whether an existence is covered by a deletion that saw it, or by a later one under last-writer-wins. */
    boolean covered(Path existence, Cell cell) {
        return covers(cells.get(Path.deletion(existence.replica())), cell)
                || covers(cells.get(Path.DELETION_BY_ANY), cell);
    }

    private static boolean covers(@Nullable Cell deletion, Cell existence) {
        return deletion != null && !existence.stamp().isAfter(deletion.stamp());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof DocumentState state && cells.equals(state.cells));
    }

    @Override
    public int hashCode() {
        return cells.hashCode();
    }

    @Override
    public String toString() {
        return cells.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
