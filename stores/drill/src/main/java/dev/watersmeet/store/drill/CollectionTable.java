package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The documents of a collection as rows of JSON, of which the latest of a document counts, and the query that shows them as a table. Not thread-safe. */
final class CollectionTable {
    private static final int MAX_COLUMNS = 250;
    private static final String FIXED = "s VARCHAR, i VARCHAR, n VARCHAR, v BIGINT, a BOOLEAN, r VARCHAR";
    private static final List<String> FIXED_NAMES = List.of("_space", "_id", "_record");

    private final CollectionSchema schema;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    /** Drill takes names that differ by case for the same. */
    private final Map<String, String> taken = new TreeMap<>();

    CollectionTable(CollectionSchema schema) {
        this.schema = schema;
        FIXED_NAMES.forEach(name -> taken.put(name, name));
        schema.fields().keySet().stream().sorted().forEach(this::column);
    }

    /** The column of a field; null if it has none, because its name differs by case only from another one's, or there are so many. */
    private @Nullable Column column(String field) {
        Column known = columns.get(field);
        if (known != null || columns.size() >= MAX_COLUMNS || field.isEmpty()) {
            return known;
        }
        if (taken.putIfAbsent(field.toLowerCase(Locale.ROOT), field) != null) {
            return null;
        }
        Column column = new Column(field, schema.type(field));
        columns.put(field, column);
        return column;
    }

    /**
     * A row, with its line's end.
     *
     * @param version greater than that of every earlier row of the document
     * @param record the document's record; empty if it is not alive
     */
    String row(SpaceId space, DocumentId id, long version, Optional<Value> record) {
        StringBuilder row = new StringBuilder("{\"s\":")
                .append(Column.quote(space.name()))
                .append(",\"i\":")
                .append(Column.quote(id.id().text()))
                .append(",\"n\":")
                .append(Column.quote(Column.shown(id.id())))
                .append(",\"v\":")
                .append(version)
                .append(",\"a\":")
                .append(record.isPresent());
        record.ifPresent(value -> {
            row.append(",\"r\":").append(Column.quote(value.text()));
            if (value.isRecord()) {
                value.fields().forEach((field, member) -> append(field, member, row));
            }
        });
        return row.append("}\n").toString();
    }

    private void append(String field, Value value, StringBuilder row) {
        boolean nothing =
                schema.type(field) == FieldType.REGISTER && (value.equals(Value.NULL) || value.equals(Value.UNDEFINED));
        Column column = nothing ? null : column(field);
        if (column != null) {
            column.observe(value);
            row.append(",\"c")
                    .append(new ArrayList<>(columns.keySet()).indexOf(field))
                    .append("\":")
                    .append(column.json(value));
        }
    }

    /** The names of the columns with their types, in their order. */
    Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("_space", Column.ANY);
        types.put("_id", Column.ANY);
        columns.forEach((field, column) -> types.put(field, column.type()));
        types.put("_record", Column.ANY);
        return types;
    }

    /**
     * The query of the view.
     *
     * @param table where the rows are, as SQL
     */
    String select(String table) {
        StringBuilder types = new StringBuilder(FIXED);
        StringBuilder select = new StringBuilder("SELECT s AS `_space`, n AS `_id`");
        int number = 0;
        for (Column column : columns.values()) {
            String stored = "c" + number++;
            types.append(", ").append(stored).append(' ').append(column.storedType());
            select.append(", ").append(column.expression(stored)).append(" AS ").append(Sql.identifier(column.field()));
        }
        return select + ", r AS `_record` FROM (SELECT d.*, ROW_NUMBER() OVER (PARTITION BY s, i ORDER BY v DESC) AS rn"
                + " FROM TABLE(" + table + "(schema => " + Sql.literal("inline=(" + types + ")")
                + ")) AS d) WHERE rn = 1 AND a";
    }
}
