package dev.watersmeet.crdt;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cells of a document's fields, grouped by field and by the first type that reads them: what reading and diffing work on. */
final class Fields {
    private static final Map<Path, Cell> NONE = Map.of();

    private final CollectionSchema schema;
    private final Map<FieldType, Map<String, Map<Path, Cell>>> cells = new HashMap<>();
    private final @Nullable Cell root;

    private Fields(CollectionSchema schema, @Nullable Cell root) {
        this.schema = schema;
        this.root = root;
    }

    static Fields of(CollectionSchema schema, DocumentState state) {
        Fields fields = new Fields(schema, state.get(Path.ROOT));
        state.forEach(fields::add);
        return fields;
    }

    private void add(Path path, Cell cell) {
        FieldType type = FieldType.reading(path.kind());
        if (type != null) {
            cells.computeIfAbsent(type, key -> new HashMap<>())
                    .computeIfAbsent(path.field(), key -> new HashMap<>())
                    .put(path, cell);
        }
    }

    /** The cells of a field as its type in the schema sees them. */
    Map<Path, Cell> of(String field) {
        return cells.getOrDefault(schema.type(field).family(), Map.of()).getOrDefault(field, NONE);
    }

    /** The record as if the document were alive (M-12 to M-15, M-23, M-25). */
    Value record() {
        Value shown = shownRoot();
        return shown == null ? Value.record(members()) : shown;
    }

    /** The root value, if no field hides it (M-15). */
    @Nullable
    Value shownRoot() {
        return anyLive() ? null : root();
    }

    /** The root value, hidden or not. */
    @Nullable
    Value root() {
        return root == null || root.removed() ? null : root.value();
    }

    /** The members of the record as an object. */
    Map<String, Value> members() {
        Map<String, Value> members = new TreeMap<>();
        schema.fields().forEach((field, type) -> read(field, type, members));
        cells.getOrDefault(FieldType.REGISTER, Map.of()).keySet().forEach(field -> {
            if (schema.type(field) == FieldType.REGISTER && !schema.isLocal(field)) {
                read(field, FieldType.REGISTER, members);
            }
        });
        return members;
    }

    private void read(String field, FieldType type, Map<String, Value> members) {
        Value value = type.convention().read(of(field));
        if (value != null) {
            members.put(field, value);
        }
    }

    private boolean anyLive() { // M-15
        return cells.entrySet().stream().anyMatch(fields -> fields.getValue().values().stream()
                .anyMatch(fields.getKey().convention()::isLive));
    }

    /** Makes every field, of whatever type, as if it had never been written. */
    void clear(Edit edit) {
        cells.forEach((type, fields) ->
                fields.values().forEach(field -> type.convention().clear(field, edit)));
    }

    /** Resets every counter, declared or not, as a re-creation does (M-21). */
    void clearCounters(Edit edit) {
        cells.getOrDefault(FieldType.COUNTER, Map.of())
                .values()
                .forEach(field -> FieldType.COUNTER.convention().clear(field, edit));
    }
}
