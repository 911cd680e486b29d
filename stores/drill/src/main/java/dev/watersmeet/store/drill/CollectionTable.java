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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The documents of a collection as rows of JSON, of which the latest of a document counts, and the query that shows them as a table. Not thread-safe. */
final class CollectionTable implements TableLayout {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionTable.class);
    private static final int MAX_COLUMNS = 250;
    /** In UTF-16 code units. */
    private static final int MAX_NAME = 200;

    private static final String KEPT = "s, i, n, v, r";
    private static final String FRESH = "s, i, n, v, a, r";
    private static final String FRESH_TYPES = "s VARCHAR, i VARCHAR, n VARCHAR, v BIGINT, a BOOLEAN, r VARCHAR";
    private static final List<String> FIXED_NAMES = List.of("_space", "_id", "_record");

    private final String view;
    private final CollectionSchema schema;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    /** Drill takes names that differ by case for the same. */
    private final Map<String, String> taken = new TreeMap<>();

    CollectionTable(String collection, CollectionSchema schema) {
        this.view = viewName(collection);
        this.schema = schema;
        FIXED_NAMES.forEach(name -> taken.put(name, name));
        schema.fields().keySet().stream().sorted().forEach(this::column);
    }

    /** The table as it was when its state was noted; empty if documents are read by other types now. */
    static Optional<CollectionTable> resume(String collection, CollectionSchema schema, Value state) {
        if (!types(schema).equals(state.members().get("types"))) {
            return Optional.empty();
        }
        CollectionTable table = new CollectionTable(collection, schema);
        for (Value noted : Json.member(state, "columns").elements()) {
            Column column = Column.of(noted, schema);
            table.columns.put(column.field(), column);
            table.taken.put(column.field().toLowerCase(Locale.ROOT), column.field());
        }
        return Optional.of(table);
    }

    @Override
    public Value state() {
        return Value.of(Map.of(
                "types",
                types(schema),
                "columns",
                columns.values().stream().map(Column::state).toList()));
    }

    /**
     * The types by which documents are read: those that a schema names, and otherwise those that were noted. So servers whose schemas name different fields agree, whichever of them publishes.
     *
     * @param state as it was noted
     */
    static CollectionSchema known(String collection, CollectionSchema schema, Value state) {
        Map<String, FieldType> fields = new TreeMap<>();
        Json.member(state, "types")
                .members()
                .forEach((field, type) -> fields.put(field, FieldType.valueOf(String.valueOf(type.tree()))));
        fields.keySet().removeIf(schema::isLocal);
        schema.fields().forEach((field, type) -> {
            @Nullable FieldType noted = fields.put(field, type);
            if (noted != null && noted != type) {
                LOG.warn(
                        "the table of {} has the field {} as {}, and this server's schema names it {}: the table is written anew. If another server has the other schema, they do so in turns: give all the same",
                        collection,
                        field,
                        noted.text(),
                        type.text());
            }
        });
        return new CollectionSchema(fields, schema.deletion(), schema.local());
    }

    /** How documents are read. */
    CollectionSchema schema() {
        return schema;
    }

    private static Value types(CollectionSchema schema) {
        Map<String, String> types = new TreeMap<>();
        schema.fields().forEach((field, type) -> types.put(field, type.name()));
        return Value.of(types);
    }

    /** A collection's own name, where it is an ordinary one. */
    static String viewName(String collection) {
        return collection.matches("[A-Za-z_][A-Za-z0-9_]{0,99}") && !collection.startsWith("watersmeet_")
                ? collection
                : Names.of(collection).replace('-', '_');
    }

    /** The column of a field; null if it has none, because of its name, or because there are so many. */
    private @Nullable Column column(String field) {
        Column known = columns.get(field);
        if (known != null || columns.size() >= MAX_COLUMNS || field.isEmpty() || field.length() > MAX_NAME) {
            return known;
        }
        if (taken.putIfAbsent(field.toLowerCase(Locale.ROOT), field) != null) {
            return null;
        }
        Column column = new Column(columns.size(), field, schema.type(field));
        columns.put(field, column);
        return column;
    }

    @Override
    public String version() {
        return "v";
    }

    @Override
    public int columns() {
        return columns.size();
    }

    /**
     * A row, with its line's end.
     *
     * @param version greater than that of every earlier row of the document
     * @param record the document's record; empty if it is not alive
     */
    String row(SpaceId space, DocumentId id, long version, Optional<Value> record) {
        StringBuilder row = new StringBuilder("{\"s\":")
                .append(Json.quote(space.name()))
                .append(",\"i\":")
                .append(Json.quote(id.id().text()))
                .append(",\"n\":")
                .append(Json.quote(Column.shown(id.id())))
                .append(",\"v\":")
                .append(version)
                .append(",\"a\":")
                .append(record.isPresent());
        record.ifPresent(value -> {
            row.append(",\"r\":").append(Json.quote(value.text()));
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
            row.append(",\"").append(column.stored()).append("\":").append(column.json(value));
        }
    }

    @Override
    public Map<String, String> views(Sources sources) {
        StringBuilder select = new StringBuilder("SELECT s AS `_space`, n AS `_id`");
        Map<String, String> types = new LinkedHashMap<>();
        types.put("_space", Column.ANY);
        types.put("_id", Column.ANY);
        for (Column column : columns.values()) {
            select.append(", ").append(column.expression()).append(" AS ").append(Sql.identifier(column.field()));
            types.put(column.field(), column.type());
        }
        types.put("_record", Column.ANY);
        select.append(", r AS `_record` FROM (").append(documents(sources)).append(")");
        return Map.of(view, View.json(view, select.toString(), types));
    }

    @Override
    public String kept(Sources sources, long since) {
        return documents(sources);
    }

    /** The query of the latest rows of living documents: those that were compacted, but for documents that have fresh ones, and the latest fresh ones. */
    private String documents(Sources sources) {
        List<String> parts = new ArrayList<>();
        StringBuilder fields = new StringBuilder();
        StringBuilder types = new StringBuilder(FRESH_TYPES);
        for (Column column : columns.values()) {
            fields.append(", ").append(column.stored());
            types.append(", ").append(column.stored()).append(' ').append(column.storedType());
        }
        String fresh = sources.freshRows(FRESH + fields, types.toString());
        Sources.@Nullable Part base = sources.base();
        if (base != null) {
            parts.add(compacted(sources, base));
        }
        if (!sources.fresh().isEmpty()) {
            parts.add("SELECT " + KEPT + fields
                    + " FROM (SELECT d.*, ROW_NUMBER() OVER (PARTITION BY s, i ORDER BY v DESC) AS rn FROM (" + fresh
                    + ") AS d) WHERE rn = 1 AND a" + sources.unfenced("s", "v"));
        }
        return String.join(" UNION ALL ", parts);
    }

    private String compacted(Sources sources, Sources.Part base) {
        StringBuilder select = new StringBuilder("SELECT b.s AS s, b.i AS i, b.n AS n, b.v AS v, b.r AS r");
        for (Column column : columns.values()) {
            String stored = column.stored(); // fields that were not known then are registers
            select.append(column.number() < base.columns() ? ", b." + stored : ", CAST(NULL AS VARCHAR)")
                    .append(" AS ")
                    .append(stored);
        }
        select.append(" FROM ").append(sources.table(base.folder())).append(" AS b");
        String changed = sources.freshRows("s, i", "s VARCHAR, i VARCHAR");
        if (changed.isEmpty()) {
            select.append(" WHERE b.i IS NOT NULL");
        } else {
            select.append(" LEFT JOIN (SELECT DISTINCT s, i FROM (")
                    .append(changed)
                    .append(")) AS f ON b.s = f.s AND b.i = f.i WHERE f.i IS NULL");
        }
        return select + sources.unfenced("b.s", "b.v");
    }
}
