package dev.watersmeet.server;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.drill.DrillClient;
import dev.watersmeet.store.drill.Sql;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The queries that the demo page may have run by Drill: these and no others, so that nobody who sees the page reads or changes anything else. Thread-safe. */
final class DemoQueries {
    private static final int MAX_ROWS = 12;
    private static final String SPACE = Sql.literal(Tenants.DEMO_SPACE);

    private final DrillClient drill;
    private final Map<String, Query> queries;

    /**
     * A query.
     *
     * @param title what it tells
     * @param sql its statement
     */
    private record Query(String title, String sql) {}

    /**
     * The queries for a workspace.
     *
     * @param schema its name in queries
     */
    DemoQueries(DrillClient drill, String schema) {
        this.drill = drill;
        String items = Sql.table(schema, Settings.DEMO_COLLECTION);
        String history = Sql.table(schema, "watersmeet_history");
        queries = new LinkedHashMap<>();
        queries.put(
                "stock",
                new Query(
                        "The stock",
                        "SELECT name, shelf, tags, quantity\nFROM " + items + "\nWHERE `_space` = " + SPACE
                                + "\nORDER BY shelf, name\nLIMIT " + MAX_ROWS));
        queries.put(
                "tags",
                new Query(
                        "Quantity by tag",
                        "SELECT tag, COUNT(*) AS items, SUM(quantity) AS quantity\n"
                                + "FROM (SELECT FLATTEN(tags) AS tag, quantity FROM " + items
                                + " WHERE `_space` = " + SPACE + ")\nGROUP BY tag\nORDER BY tag\nLIMIT " + MAX_ROWS));
        queries.put(
                "history",
                new Query(
                        "Who changed what",
                        "SELECT CAST(`at` AS VARCHAR(19)) AS `at`, principal, change, `field`, `value`\nFROM " + history
                                + "\nWHERE `space` = " + SPACE
                                + " AND change <> 'edited'\nORDER BY `at` DESC\nLIMIT " + MAX_ROWS));
    }

    /** The queries as the page shows them. */
    List<Map<String, String>> shown() {
        return queries.entrySet().stream()
                .map(query -> Map.of(
                        "name",
                        query.getKey(),
                        "title",
                        query.getValue().title(),
                        "sql",
                        query.getValue().sql()))
                .toList();
    }

    boolean has(@Nullable String name) {
        return name != null && queries.containsKey(name);
    }

    /**
     * The answer to a query, as the page takes it.
     *
     * @throws IOException if there is none: Drill is down, or nothing was written yet
     */
    Value run(String name) throws IOException, InterruptedException {
        @Nullable Query query = queries.get(name);
        if (query == null) {
            throw new IllegalArgumentException("the demo has no query " + name);
        }
        DrillClient.Result result = drill.run(query.sql());
        return Value.of(Map.of("columns", result.columns(), "rows", result.rows()));
    }
}
