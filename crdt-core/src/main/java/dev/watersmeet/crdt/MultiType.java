package dev.watersmeet.crdt;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The multi-value register: of concurrent assignments all stay, until one that saw them takes their place. Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of
 * Convergent and Commutative Replicated Data Types" (2011).
 */
final class MultiType implements FieldType.Convention {
    private static final String CONFLICT = "$conflict";

    @Override
    public @Nullable Value read(Map<Path, Cell> cells) { // M-23
        List<Value> values = SetType.elements(cells);
        if (values.size() <= 1) {
            return values.isEmpty() ? null : values.get(0);
        }
        return Value.record(Map.of(CONFLICT, Value.joined(values)));
    }

    @Override
    public void diff(
            String field, Map<Path, Cell> cells, @Nullable Value read, @Nullable Value put, Edit edit) { // M-24
        Set<Value> before = values(read);
        Set<Value> after = values(put);
        if (after.equals(before) || after.equals(Set.copyOf(SetType.elements(cells)))) {
            return;
        }
        // A value that stands is assigned anew, too: who resolves the same conflict otherwise must not take it away
        // unseen.
        after.forEach(value -> edit.write(Path.multi(field, value, edit.writer()), Cell.live(edit.stamp())));
        cells.forEach((path, cell) -> {
            if (!cell.removed() && before.contains(path.element())) {
                edit.write(path, Cell.removed(cell.stamp()));
            }
        });
    }

    /** The values that a record holds: those of a conflict, escaped or not, or the one that it is; none if the field is absent. */
    private static Set<Value> values(@Nullable Value value) {
        if (value == null) {
            return Set.of();
        }
        if (value.isObject()) {
            Map<String, Value> members = value.isRecord() ? value.fields() : value.members();
            Value values = members.get(CONFLICT);
            if (members.size() == 1 && values != null && values.isArray()) {
                return new LinkedHashSet<>(values.elements());
            }
        }
        return Set.of(value);
    }

    @Override
    public void clear(Map<Path, Cell> cells, Edit edit) {
        edit.undo(cells);
    }
}
