package dev.watersmeet.store.drill;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The only place where names and texts become parts of a statement of Drill's SQL. */
public final class Sql {
    private Sql() {}

    /** A name, whatever its characters are. */
    public static String identifier(String name) {
        return '`' + name.replace("\\", "\\\\").replace("`", "``") + '`';
    }

    /** A text as a literal. */
    public static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    /** A schema like {@code dfs.watersmeet} with a table of it. */
    public static String table(String schema, String table) {
        return Arrays.stream(schema.split("\\.", -1)).map(Sql::identifier).collect(Collectors.joining(".")) + "."
                + identifier(table);
    }
}
