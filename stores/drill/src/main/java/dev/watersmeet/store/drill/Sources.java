package dev.watersmeet.store.drill;

import dev.watersmeet.store.SpaceId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of a table as queries name them.
 *
 * @param schema the workspace's name in queries
 * @param base what was compacted; null for none
 * @param fresh folders of rows of JSON that came later, none of them empty
 * @param fences of spaces that are gone, or were read anew: rows of an earlier version do not count
 * @param drops the version of the last row that drops earlier ones; 0 for none
 */
record Sources(String schema, @Nullable Part base, List<String> fresh, Map<SpaceId, Long> fences, long drops) {
    /**
     * Files of Parquet that hold a table as it once was.
     *
     * @param folder their folder in the workspace
     * @param columns how many columns of fields they have
     * @param bytes how long they are together
     */
    record Part(String folder, int columns, long bytes) {}

    Sources {
        fresh = List.copyOf(fresh);
        fences = Map.copyOf(fences);
    }

    boolean isEmpty() {
        return base == null && fresh.isEmpty();
    }

    /** A folder of the workspace as a table. */
    String table(String folder) {
        return Sql.table(schema, folder);
    }

    /** The query of all rows of JSON. */
    String freshRows(String columns, String types) {
        return fresh.stream()
                .map(folder -> "SELECT " + columns + " FROM TABLE(" + table(folder) + "(schema => "
                        + Sql.literal("inline=(" + types + ")") + "))")
                .collect(Collectors.joining(" UNION ALL "));
    }

    /**
     * What else has to hold of a row, so that it counts.
     *
     * @param space the column of the space
     * @param version that of the version
     */
    String unfenced(String space, String version) {
        return fences.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(fence -> " AND NOT (" + space + " = "
                        + Sql.literal(fence.getKey().name()) + " AND " + version + " < " + fence.getValue() + ")")
                .collect(Collectors.joining());
    }
}
