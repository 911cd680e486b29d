package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Schema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The views, asked by Drill's own JDBC driver, as reporting tools do. */
class JdbcTest extends ShopsTest {
    private static final CollectionSchema NOTES =
            CollectionSchema.of(Map.of("tags", FieldType.SET, "likes", FieldType.COUNTER, "done", FieldType.FLAG));

    @Test
    void aViewIsATableWithColumnsOfItsTypes() throws Exception {
        edit(SPACE, "notes", "n1", Map.of("title", "it's", "tags", List.of("x", "y"), "likes", 3.0), NOTES);
        edit(SPACE, "notes", "n2", Map.of("title", "other", "likes", 4.0, "done", true), NOTES);
        Publisher publisher =
                publisher(options.withCompactBytes(1 << 20), Schema.empty().with("notes", NOTES), Disk.real());
        publisher.round();
        try (Connection connection = Queries.drillbit().connect()) {
            assertThat(column(connection.getMetaData().getTables(null, queries.schema(), "%", null), "TABLE_NAME"))
                    .contains("notes", "watersmeet_history", "watersmeet_cells");
            assertThat(column(connection.getMetaData().getColumns(null, queries.schema(), "notes", "%"), "COLUMN_NAME"))
                    .contains("_id", "title", "tags", "likes", "done");
            try (PreparedStatement statement = connection.prepareStatement(
                            "SELECT * FROM " + queries.schema() + ".notes WHERE title = 'it''s'");
                    ResultSet rows = statement.executeQuery()) {
                assertThat(typesOf(rows))
                        .containsEntry("_id", Types.VARCHAR)
                        .containsEntry("title", Types.VARCHAR)
                        .containsEntry("likes", Types.DOUBLE)
                        .containsEntry("done", Types.BOOLEAN);
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString("_id")).isEqualTo("n1");
                assertThat(rows.getDouble("likes")).isEqualTo(3);
                assertThat(rows.getBoolean("done")).isFalse();
                assertThat(String.valueOf(rows.getObject("tags"))).isEqualTo("[\"x\",\"y\"]");
                assertThat(rows.next()).isFalse();
            }
        }
    }

    private static List<String> column(ResultSet rows, String name) throws SQLException {
        try (rows) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(name));
            }
            return values;
        }
    }

    private static Map<String, Integer> typesOf(ResultSet rows) throws SQLException {
        Map<String, Integer> types = new HashMap<>();
        ResultSetMetaData columns = rows.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            types.put(columns.getColumnName(i), columns.getColumnType(i));
        }
        return types;
    }
}
