package dev.watersmeet.crdt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The observed-remove set, with one cell for each element and adding replica. Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of Convergent and Commutative
 * Replicated Data Types" (2011); without tombstones that grow, as in Bieniusa et al., "An optimized conflict-free replicated set" (2012).
 */
final class SetType implements FieldType.Convention {
    static final Value EMPTY = Value.of(List.of());
    private static final String TAG = "$set";

    @Override
    public Value read(Map<Path, Cell> cells) { // M-12
        List<Value> elements = elements(cells);
        return elements.isEmpty() ? EMPTY : Value.joined(elements);
    }

    /** The elements that have a live cell, by the smallest stamp of these, then by themselves. */
    static List<Value> elements(Map<Path, Cell> cells) {
        Map<Value, Stamp> oldest = oldest(cells);
        List<Value> elements = new ArrayList<>(oldest.keySet());
        elements.sort(Comparator.<Value, Stamp>comparing(oldest::get).thenComparing(Comparator.naturalOrder()));
        return elements;
    }

    private static Map<Value, Stamp> oldest(Map<Path, Cell> cells) {
        Map<Value, Stamp> oldest = new HashMap<>();
        cells.forEach((path, cell) -> {
            if (!cell.removed()) {
                oldest.merge(path.element(), cell.stamp(), (a, b) -> a.compareTo(b) <= 0 ? a : b);
            }
        });
        return oldest;
    }

    @Override
    public void diff(
            String field, Map<Path, Cell> cells, @Nullable Value read, @Nullable Value put, Edit edit) { // M-18
        Set<Value> after = elements(put);
        if (after == null) {
            throw MalformedException.of(
                    "the field " + CanonicalWriter.quote(field) + " is a set: its value is an array",
                    String.valueOf(put));
        }
        Set<Value> found = elements(read);
        Set<Value> before = found == null ? Set.of() : found; // read before the field was declared to be a set
        Set<Value> standing = oldest(cells).keySet();
        for (Value element : after) {
            if (!before.contains(element) && !standing.contains(element)) {
                edit.write(Path.element(field, element, edit.writer()), Cell.live(edit.stamp()));
            }
        }
        cells.forEach((path, cell) -> {
            if (!cell.removed() && before.contains(path.element()) && !after.contains(path.element())) {
                edit.write(path, Cell.removed(cell.stamp()));
            }
        });
    }

    /** The elements of an array or a tagged set; none if the field is absent or undefined, null if it holds something else. */
    private static @Nullable Set<Value> elements(@Nullable Value value) {
        if (value == null || value.equals(Value.UNDEFINED)) { // M-5
            return Set.of();
        }
        if (value.isArray()) {
            return new LinkedHashSet<>(value.elements());
        }
        if (value.isObject()) {
            Map<String, Value> members = value.members();
            Value set = members.get(TAG);
            if (members.size() == 1 && set != null && set.isArray()) {
                return new LinkedHashSet<>(set.elements());
            }
        }
        return null;
    }

    @Override
    public void clear(Map<Path, Cell> cells, Edit edit) {
        edit.undo(cells);
    }
}
