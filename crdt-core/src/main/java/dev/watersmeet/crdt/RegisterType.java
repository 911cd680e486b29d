package dev.watersmeet.crdt;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last-writer-wins register: one cell a field. Johnson and Thomas, "Maintenance of Duplicate Databases" (RFC 677, 1975). */
final class RegisterType implements FieldType.Convention {
    @Override
    public @Nullable Value read(Map<Path, Cell> cells) { // M-14
        for (Cell cell : cells.values()) {
            return cell.value();
        }
        return null;
    }

    @Override
    public void diff(
            String field, Map<Path, Cell> cells, @Nullable Value read, @Nullable Value put, Edit edit) { // M-17
        if (Objects.equals(read, put) || Objects.equals(read(cells), put)) {
            return;
        }
        edit.write(Path.register(field), put == null ? Cell.removed(edit.stamp()) : Cell.live(edit.stamp(), put));
    }

    @Override
    public void clear(Map<Path, Cell> cells, Edit edit) {
        edit.overwrite(cells);
    }
}
