package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cells as rows of JSON, and the queries that show them: as they are, and as a history. A row that is there twice counts once. */
final class CellRows implements TableLayout {
    /** The view of cells, and the name of the table. */
    static final String NAME = "watersmeet_cells";

    private static final String HISTORY_NAME = "watersmeet_history";
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
            List.of("at", "principal", "space", "collection", "id", "change", "field", "path", "value", "replica");
    private static final Map<String, String> TYPED = Map.of("removed", Column.BOOLEAN, "at", "TIMESTAMP");

    private static final String SHOWN_CELLS =
            "SELECT DISTINCT s AS `space`, c AS `collection`, i AS `id`, p AS `path`, k AS `kind`, f AS `field`, v AS `value`,"
                    + " CAST(x AS BOOLEAN) AS `removed`, t AS `millis`, n AS `counter`, r AS `replica`, w AS `principal`";
    /** Whether a cell has the stamp of what its writer saw and took away, so that it does not tell who and when that was. */
    private static final String TAKEN_AWAY =
            "(k = 'counter_base' OR (k IN ('set', 'multi') AND x = TRUE) OR (k = 'deletion' AND p <> "
                    + Sql.literal(Path.DELETION_BY_ANY.text()) + "))";

    private static final String CHANGES = "SELECT s, c, i, p, k, f, v, x, t, n, MIN(y) AS y, r, MAX(w) AS w, "
            + TAKEN_AWAY + " AS o FROM (%s) WHERE k <> 'access' GROUP BY s, c, i, p, k, f, v, x, t, n, r";
    private static final String SHOWN_HISTORY =
            "SELECT TO_TIMESTAMP(CAST(CASE WHEN o THEN y ELSE t END AS DOUBLE) / 1000) AS `at`,"
                    + " CASE WHEN o THEN CAST(NULL AS VARCHAR) ELSE w END AS `principal`,"
                    + " s AS `space`, c AS `collection`, i AS `id`,"
                    + " CASE WHEN k = 'existence' THEN 'edited' WHEN k = 'deletion' THEN 'deleted'"
                    + " WHEN k = 'counter' THEN 'counted' WHEN k = 'counter_base' THEN 'reset'"
                    + " WHEN k = 'set' AND x = FALSE THEN 'added' WHEN x = TRUE THEN 'removed' ELSE 'set' END AS `change`,"
                    + " f AS `field`, p AS `path`, v AS `value`,"
                    + " CASE WHEN o THEN CAST(NULL AS VARCHAR) ELSE r END AS `replica`";
    private static final String ROW = "s, c, i, j, p, k, f, v, x, t, n, r, w, y, z";
    private static final String TYPES =
            "s VARCHAR, c VARCHAR, i VARCHAR, j VARCHAR, p VARCHAR, k VARCHAR, f VARCHAR, v VARCHAR, x BOOLEAN, t BIGINT, n BIGINT, r VARCHAR, w VARCHAR, y BIGINT, z BIGINT, g BOOLEAN";

    /** Whose edits a replica's are. */
    @FunctionalInterface
    interface Principals {
        /** Their name; empty if it is not known. */
        String of(Cell cell);
    }

    /**
     * Appends rows.
     *
     * @param millis when that is, in Unix milliseconds
     * @param version greater than that of every row of what was written or dropped before
     * @param dropped whether the cells were dropped, as were others at their paths, and not written
     */
    static void append(
            SpaceId space,
            DocumentCells document,
            Principals principals,
            long millis,
            long version,
            boolean dropped,
            StringBuilder out) {
        DocumentId id = document.id();
        document.cells().forEach((path, cell) -> {
            out.append("{\"s\":").append(Json.quote(space.name()));
            text("c", id.collection(), out);
            text("i", Column.shown(id.id()), out);
            text("j", id.id().text(), out);
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
            out.append(",\"y\":").append(millis);
            out.append(",\"z\":").append(version);
            out.append(dropped ? ",\"g\":true}\n" : "}\n");
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
        out.append(",\"").append(name).append("\":").append(Json.quote(value));
    }

    @Override
    public String version() {
        return "z";
    }

    @Override
    public int columns() {
        return 0;
    }

    @Override
    public Value state() {
        return Value.of(Map.of());
    }

    @Override
    public Map<String, String> views(Sources sources) {
        String rows = counting(sources);
        return Map.of(
                NAME,
                View.json(NAME, SHOWN_CELLS + " FROM (" + rows + ")", types(CELLS)),
                HISTORY_NAME,
                View.json(HISTORY_NAME, SHOWN_HISTORY + " FROM (" + CHANGES.formatted(rows) + ")", types(HISTORY)));
    }

    /** Each cell once, as it was published first; those that no greater one at their path has taken the place of, and later others. */
    @Override
    public String kept(Sources sources, long since) {
        String ranked =
                "SELECT e.*, ROW_NUMBER() OVER (PARTITION BY s, c, j, p ORDER BY t DESC, n DESC, r DESC, x DESC, z)"
                        + " AS place, ROW_NUMBER() OVER (PARTITION BY s, c, j, p, t, n, r, x ORDER BY z) AS again FROM ("
                        + counting(sources) + ") AS e";
        return "SELECT " + ROW + " FROM (" + ranked + ") AS h WHERE again = 1 AND (place = 1 OR t >= " + since + ")";
    }

    /** The query of what is in files. */
    private static String rows(Sources sources) {
        List<String> parts = new ArrayList<>();
        Sources.@Nullable Part base = sources.base();
        if (base != null) {
            parts.add("SELECT " + ROW + ", CAST(NULL AS BOOLEAN) AS g FROM " + sources.table(base.folder()));
        }
        if (!sources.fresh().isEmpty()) {
            parts.add(sources.freshRows(ROW + ", g", TYPES));
        }
        String all = String.join(" UNION ALL ", parts);
        return sources.fences().isEmpty()
                ? all
                : "SELECT * FROM (" + all + ") WHERE s IS NOT NULL" + sources.unfenced("s", "z");
    }

    /** The query of the rows of cells that were not dropped afterwards. */
    private static String counting(Sources sources) {
        String written = "SELECT " + ROW + " FROM (" + rows(sources) + ") WHERE g IS NULL";
        if (sources.drops() == 0) {
            return written;
        }
        String dropped = "SELECT s, c, j, p, MAX(z) AS z FROM (" + sources.freshRows(ROW + ", g", TYPES)
                + ") WHERE g = TRUE GROUP BY s, c, j, p";
        return "SELECT a.* FROM (" + written + ") AS a LEFT JOIN (" + dropped
                + ") AS q ON a.s = q.s AND a.c = q.c AND a.j = q.j AND a.p = q.p WHERE q.z IS NULL OR a.z > q.z";
    }

    private static Map<String, String> types(List<String> names) {
        Map<String, String> types = new LinkedHashMap<>();
        names.forEach(name -> types.put(name, TYPED.getOrDefault(name, Column.ANY)));
        return types;
    }
}
