package dev.watersmeet.store.cassandra;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A version of the store's tables: what makes it of the version before.
 *
 * <p>Its statements may run twice, for whoever runs them may die in between: {@code CREATE TABLE IF NOT EXISTS}, {@code ALTER TABLE … ADD IF NOT EXISTS}. Servers of the version before go on while others are updated one after
 * the other, so a version only adds. It drops nothing: a column that is dropped and added again has its old cells back.
 *
 * @param number counted from 1 without gaps
 * @param statements in CQL; {@code %s} stands for the keyspace
 */
record SchemaVersion(int number, List<String> statements) {
    /** How long what was dropped is remembered: whoever wakes up later with a write of before must not be let go on. */
    static final int GRACE_SECONDS = (int) Duration.ofDays(10).toSeconds();

    private static final String OPTIONS =
            " WITH gc_grace_seconds = " + GRACE_SECONDS + " AND default_time_to_live = 0 AND read_repair = 'BLOCKING'";

    /** The table that the number of the version is in; it is made before all others. */
    static final String VERSION_TABLE = table("schema_version", "store text PRIMARY KEY, version int");

    /** All that there are, in their order. A new one is added at the end; those that were released stay as they are. */
    static final List<SchemaVersion> ALL = List.of(new SchemaVersion(
            1,
            withLayout(
                    table(
                            "record",
                            "space text, life bigint, kind text, name blob, version bigint, body blob,"
                                    + " PRIMARY KEY ((space, life, kind, name))"),
                    table("space_name", "bucket int, name text, life bigint, PRIMARY KEY (bucket, name, life)"),
                    table(
                            "member",
                            "space text, life bigint, kind text, name blob, PRIMARY KEY ((space, life), kind, name)"),
                    table(
                            "entry",
                            "space text, life bigint, log bigint, bucket bigint, sequence bigint, size int,"
                                    + " body blob, rest blob, PRIMARY KEY ((space, life, log, bucket), sequence)"),
                    table(
                            "tip",
                            "space text, life bigint, generation bigint, log bigint, sequence bigint,"
                                    + " PRIMARY KEY ((space, life, generation), log)"),
                    table(
                            "cell",
                            "space text, life bigint, shard int, collection text, document text, generation bigint,"
                                    + " path text, cell blob, rest blob,"
                                    + " PRIMARY KEY ((space, life, shard), collection, document, generation, path)"),
                    table(
                            "page",
                            "space text, life bigint, generation bigint, attempt bigint, number int, body blob,"
                                    + " PRIMARY KEY ((space, life, generation), attempt, number)"))));

    /** The tables of which the store relies on the options. */
    static final List<String> TABLES =
            List.of("record", "space_name", "member", "entry", "tip", "cell", "page", "schema_version");

    SchemaVersion {
        statements = List.copyOf(statements);
        for (String statement : statements) {
            String words = statement.toUpperCase(Locale.ROOT);
            if (words.contains("DROP ") || words.contains("TRUNCATE ")) {
                throw new IllegalArgumentException("a version of the tables only adds: " + statement);
            }
        }
    }

    private static List<String> withLayout(String... tables) {
        List<String> statements = new ArrayList<>(List.of(tables));
        statements.addAll(Layout.statements());
        return statements;
    }

    private static String table(String name, String columns) {
        return "CREATE TABLE IF NOT EXISTS %s." + name + " (" + columns + ")" + OPTIONS;
    }

    /** Its statements and the one that sets the number, for a keyspace. */
    List<String> script(String keyspace) {
        List<String> script = new ArrayList<>();
        statements.forEach(statement -> script.add(statement.replace("%s", keyspace)));
        script.add(
                number == 1
                        ? "INSERT INTO " + keyspace + ".schema_version (store, version) VALUES ('watersmeet', 1)"
                                + " IF NOT EXISTS"
                        : "UPDATE " + keyspace + ".schema_version SET version = " + number
                                + " WHERE store = 'watersmeet' IF version = " + (number - 1));
        return script;
    }
}
