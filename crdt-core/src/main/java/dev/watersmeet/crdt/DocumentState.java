package dev.watersmeet.crdt;

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
    /** What a removed cell without a value holds. A live cell holds its value or null. */
    private static final Object REMOVED = new Object();

    /** What a removed cell with a value holds: the base of a counter. */
    private record Removed(Value value) {}

    private final StampTable<Path> cells;

    private DocumentState(StampTable<Path> cells) {
        this.cells = cells;
    }

    /** A state without cells. */
    public static DocumentState empty() {
        return empty(0);
    }

    /**
     * A state without cells.
     *
     * @param cells for how many there is room at first; it grows as it needs to
     */
    public static DocumentState empty(int cells) {
        return new DocumentState(new StampTable<>(cells));
    }

    /**
     * A state of the given cells.
     *
     * @throws MalformedException if a cell is not of its path's kind
     */
    public static DocumentState of(Map<Path, Cell> cells) {
        DocumentState state = empty(cells.size());
        cells.forEach(state::join);
        return state;
    }

    /** A copy that changes on its own. */
    public DocumentState copy() {
        return new DocumentState(cells.copy());
    }

    /**
     * Merges a cell.
     *
     * @return whether the state has changed
     * @throws MalformedException if the cell is not of its path's kind
     */
    public boolean join(Path path, Cell cell) {
        path.kind().check(cell);
        Stamp stamp = cell.stamp();
        return join(path, StampTable.hashOf(path), stamp.time(), stamp.replica(), content(cell));
    }

    /**
     * Merges another state (M-9).
     *
     * @return whether this state has changed
     */
    public boolean join(DocumentState other) {
        StampTable<Path> theirs = other.cells;
        boolean changed = false;
        for (int i = 0; i < theirs.size(); i++) {
            changed |= join(theirs.key(i), theirs.hash(i), theirs.time(i), theirs.replica(i), theirs.content(i));
        }
        return changed;
    }

    private boolean join(Path path, int hash, long time, ReplicaId replica, @Nullable Object content) {
        int entry = cells.find(path, hash);
        if (entry < 0) {
            cells.add(path, hash, time, replica, content);
            return true;
        }
        int order = cells.compareStamp(entry, time, replica);
        if (order > 0 || (order == 0 && compareContents(cells.content(entry), content) >= 0)) {
            return false;
        }
        cells.set(entry, time, replica, content);
        return true;
    }

    /** The order of cells with one stamp (M-8). */
    private static int compareContents(@Nullable Object mine, @Nullable Object theirs) {
        if (mine == theirs) {
            return 0;
        }
        int order = Boolean.compare(isRemoved(mine), isRemoved(theirs));
        return order == 0 ? Cell.compareValues(value(mine), value(theirs)) : order;
    }

    private static @Nullable Object content(Cell cell) {
        Value value = cell.value();
        return !cell.removed() ? value : value == null ? REMOVED : new Removed(value);
    }

    private static boolean isRemoved(@Nullable Object content) {
        return content == REMOVED || content instanceof Removed;
    }

    private static @Nullable Value value(@Nullable Object content) {
        return content instanceof Value value ? value : content instanceof Removed removed ? removed.value : null;
    }

    /** The path of a cell, which are numbered from 0. */
    Path path(int entry) {
        return cells.key(entry);
    }

    /** A cell, which are numbered from 0. */
    Cell cell(int entry) {
        Object content = cells.content(entry);
        return new Cell(cells.stamp(entry), isRemoved(content), value(content));
    }

    /** The cell at a path, if there is one. */
    public @Nullable Cell get(Path path) {
        int entry = cells.find(path, StampTable.hashOf(path));
        return entry < 0 ? null : cell(entry);
    }

    /** Takes a cell away: for layers that are settled, never a part of merging. */
    void drop(Path path) {
        int entry = cells.find(path, StampTable.hashOf(path));
        if (entry >= 0) {
            cells.remove(entry);
        }
    }

    /** Takes all cells away: for layers that are settled or replaced, never a part of merging. */
    void clear() {
        cells.clear();
    }

    /** Puts a cell whatever stands there: for pending counters, which hold differences. */
    void replace(Path path, Cell cell) {
        drop(path);
        join(path, cell);
    }

    /** The cells, in no particular order: a read-only view, which shows later changes, too. Copy it to keep it, or to change the state while you go through it. */
    public Map<Path, Cell> cells() {
        return new Cells(this);
    }

    /** Calls for each cell, in no particular order. */
    public void forEach(BiConsumer<Path, Cell> action) {
        for (int i = 0; i < cells.size(); i++) {
            action.accept(path(i), cell(i));
        }
    }

    /**
     * What is left of the cells after a purge (P-21): a new state of all but those that were dropped, or are below what was.
     *
     * @param dropped the cells that the purge names
     */
    public DocumentState without(DocumentState dropped) {
        DocumentState left = copy();
        dropped.forEach((path, cell) -> {
            Cell own = left.get(path);
            if (own != null && !own.wins(cell)) {
                left.drop(path);
            }
        });
        return left;
    }

    /** Whether every cell of another state is here, or a greater one: joining it would change nothing. */
    public boolean holds(DocumentState other) {
        for (int i = 0; i < other.size(); i++) {
            Cell own = get(other.path(i));
            if (own == null || other.cell(i).wins(own)) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is a cell at a path of a kind. */
    public boolean has(Kind kind) {
        for (int i = 0; i < cells.size(); i++) {
            if (path(i).kind() == kind) {
                return true;
            }
        }
        return false;
    }

    /** The number of bytes that the texts of all paths and values have in UTF-8. */
    public long textBytes() {
        long bytes = 0;
        for (int i = 0; i < cells.size(); i++) {
            Value value = value(cells.content(i));
            bytes += path(i).bytes() + (value == null ? 0 : value.bytes());
        }
        return bytes;
    }

    /** The greatest time of a stamp; 0 if there is none. */
    long latestTime() {
        return cells.latestTime();
    }

    /** The number of cells. */
    public int size() {
        return cells.size();
    }

    /** Whether there are no cells. */
    public boolean isEmpty() {
        return cells.size() == 0;
    }

    /** Whether the document lives: some replica's edit is not covered by a deletion (M-11). */
    public boolean alive() {
        for (int i = 0; i < cells.size(); i++) {
            if (path(i).kind() == Kind.EXISTENCE && !covered(path(i), cells.time(i), cells.replica(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether an existence is covered by a deletion that saw it, or by a later one under last-writer-wins. */
    boolean covered(Path existence, Cell cell) {
        return covered(existence, cell.stamp().time(), cell.stamp().replica());
    }

    private boolean covered(Path existence, long time, ReplicaId replica) {
        return reaches(existence.as(Kind.DELETION), time, replica) || reaches(Path.DELETION_BY_ANY, time, replica);
    }

    private boolean reaches(Path deletion, long time, ReplicaId replica) {
        int entry = cells.find(deletion, StampTable.hashOf(deletion));
        return entry >= 0 && cells.compareStamp(entry, time, replica) >= 0;
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
        return cells().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
