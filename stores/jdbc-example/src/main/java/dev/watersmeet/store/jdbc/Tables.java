package dev.watersmeet.store.jdbc;

import java.util.List;
import javax.sql.DataSource;

/** The tables, for H2: a text may hold any character there, and compares by its code units. */
final class Tables {
    private static final String CELL = "space VARCHAR(128) NOT NULL, number BIGINT NOT NULL, recorded BIGINT NOT NULL,"
            + " collection VARCHAR(128) NOT NULL, id VARCHAR(1024) NOT NULL, path VARCHAR(4096) NOT NULL,"
            + " bytes VARBINARY(1048576) NOT NULL";

    /** All but that of the spaces: what is deleted with a space. */
    static final List<String> OF_A_SPACE = List.of("cell", "dropped", "mark", "metadata");

    /** Those whose rows know when they were recorded. */
    static final List<String> OF_THE_LOG = List.of("cell", "dropped");

    private static final List<String> STATEMENTS = List.of(
            "CREATE TABLE IF NOT EXISTS space (name VARCHAR(128) PRIMARY KEY, epoch CHAR(16) NOT NULL,"
                    + " last BIGINT NOT NULL, purged BIGINT NOT NULL, fence BIGINT NOT NULL, recorded BIGINT NOT NULL,"
                    + " former_epoch VARCHAR(16) NOT NULL, former_last BIGINT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS cell (" + CELL + ", document CHAR(64) NOT NULL, path_key CHAR(64) NOT NULL,"
                    + " PRIMARY KEY (space, document, path_key))",
            "CREATE INDEX IF NOT EXISTS cell_number ON cell (space, number)",
            "CREATE TABLE IF NOT EXISTS dropped (" + CELL + ")",
            "CREATE INDEX IF NOT EXISTS dropped_number ON dropped (space, number)",
            "CREATE TABLE IF NOT EXISTS mark (space VARCHAR(128) NOT NULL, replica CHAR(13) NOT NULL,"
                    + " principal VARCHAR(1024) NOT NULL, number BIGINT NOT NULL, nonce VARCHAR(64) NOT NULL,"
                    + " outcome VARCHAR(1000000) NOT NULL, PRIMARY KEY (space, replica))",
            "CREATE TABLE IF NOT EXISTS metadata (space VARCHAR(128) NOT NULL, name VARCHAR(256) NOT NULL,"
                    + " text VARCHAR(16384) NOT NULL, PRIMARY KEY (space, name))");

    private Tables() {}

    static void create(DataSource database) {
        Sql.transaction(database, sql -> {
            for (String statement : STATEMENTS) {
                sql.update(statement);
            }
            return database;
        });
    }
}
