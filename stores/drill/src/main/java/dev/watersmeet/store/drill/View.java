package dev.watersmeet.store.drill;

import java.util.Map;
import java.util.stream.Collectors;

/** A view of Drill, which is a file in its workspace: so it can be made and replaced without a Drillbit. */
final class View {
    private static final String ENDING = ".view.drill";

    private View() {}

    static String fileName(String name) {
        return name + ENDING;
    }

    /**
     * The file of a view.
     *
     * @param columns the names of the columns with their types; {@code ANY} is what a query finds
     */
    static String json(String name, String select, Map<String, String> columns) {
        String fields = columns.entrySet().stream()
                .map(column -> "{\"name\":" + Json.quote(column.getKey()) + ",\"type\":" + Json.quote(column.getValue())
                        + ",\"isNullable\":true}")
                .collect(Collectors.joining(","));
        return "{\"name\":" + Json.quote(name) + ",\"sql\":" + Json.quote(select) + ",\"fields\":[" + fields
                + "],\"workspaceSchemaPath\":[]}";
    }
}
