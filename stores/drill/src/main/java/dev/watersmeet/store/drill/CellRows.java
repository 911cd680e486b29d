package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.SpaceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Cells as rows of JSON, and the queries that show them: as they are, and as a history. A row that is there twice counts once. */
final class CellRows {
    private static final List<String> CELLS = List.of(
            "space",
            "collection",
            "id",
            "path",
            "kind",
            "field",
            "value",
            "removed",
            "millis",
            "counter",
            "replica",
            "principal");
    private static final List<String> HISTORY =
            List.of("at", "principal", "space", "collection", "id", "change", "field", "value", "replica");
    private static final Map<String, String> TYPED = Map.of("removed", Column.BOOLEAN, "at", "TIMESTAMP");

    private static final String TYPES =
            "s VARCHAR, c VARCHAR, i VARCHAR, p VARCHAR, k VARCHAR, f VARCHAR, v VARCHAR, x BOOLEAN, t BIGINT, n BIGINT, r VARCHAR, w VARCHAR";

    private CellRows() {}

    /** Whose edits a replica's are. */
    @FunctionalInterface
    interface Principals {
        /** Their name; empty if it is not known. */
        String of(Cell cell);
    }

    static void append(SpaceId space, DocumentCells document, Principals principals, StringBuilder out) {
        DocumentId id = document.id();
        document.cells().forEach((path, cell) -> {
            out.append("{\"s\":").append(Column.quote(space.name()));
            text("c", id.collection(), out);
            text("i", Column.shown(id.id()), out);
            text("p", path.text(), out);
            text("k", path.kind().name().toLowerCase(Locale.ROOT), out);
            if (path.kind().hasField()) {
                text("f", path.field(), out);
            }
            value(path, cell, out);
            out.append(",\"x\":").append(cell.removed());
            out.append(",\"t\":").append(cell.stamp().millis());
            out.append(",\"n\":").append(cell.stamp().counter());
            text("r", cell.stamp().replica().toString(), out);
            text("w", principals.of(cell), out);
            out.append("}\n");
        });
    }

    private static void value(Path path, Cell cell, StringBuilder out) {
        if (path.kind() == Kind.SET || path.kind() == Kind.MULTI) {
            text("v", path.element().text(), out);
        } else if (cell.value() != null) {
            text("v", cell.value().text(), out);
        }
    }

    private static void text(String name, String value, StringBuilder out) {
        out.append(",\"").append(name).append("\":").append(Column.quote(value));
    }

    static Map<String, String> cellTypes() {
        return types(CELLS);
    }

    static Map<String, String> historyTypes() {
        return types(HISTORY);
    }

    private static Map<String, String> types(List<String> names) {
        Map<String, String> types = new LinkedHashMap<>();
        names.forEach(name -> types.put(name, TYPED.getOrDefault(name, Column.ANY)));
        return types;
    }

    private static String from(String table) {
        return " FROM TABLE(" + table + "(schema => " + Sql.literal("inline=(" + TYPES + ")") + "))";
    }

    static String selectCells(String table) {
        return "SELECT DISTINCT s AS `space`, c AS `collection`, i AS `id`, p AS `path`, k AS `kind`, f AS `field`, v AS `value`,"
                + " CAST(x AS BOOLEAN) AS `removed`, t AS `millis`, n AS `counter`, r AS `replica`, w AS `principal`"
                + from(table);
    }

    static String selectHistory(String table) {
        return "SELECT DISTINCT TO_TIMESTAMP(CAST(t AS DOUBLE) / 1000) AS `at`, w AS `principal`, s AS `space`,"
                + " c AS `collection`, i AS `id`,"
                + " CASE WHEN k = 'existence' THEN 'edited' WHEN k = 'deletion' THEN 'deleted'"
                + " WHEN k = 'counter' THEN 'counted' WHEN k = 'counter_base' THEN 'reset'"
                + " WHEN k = 'set' AND x = FALSE THEN 'added' WHEN x = TRUE THEN 'removed' ELSE 'set' END AS `change`,"
                + " f AS `field`, v AS `value`, r AS `replica`" + from(table) + " WHERE k <> 'access'";
    }
}
