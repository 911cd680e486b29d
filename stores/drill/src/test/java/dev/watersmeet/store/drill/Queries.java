package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.testing.drill.Drillbit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A workspace of the Drillbit that the tests of a run share, for it takes half a minute to start; each test has a workspace of its own. */
final class Queries {
    private static final int WORKSPACES = 64;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Path folder;
    private final String schema;

    /** A row of a result. */
    record Row(Map<String, Value> columns) {
        /** The value of a column; {@link Value#NULL} where there is none. */
        Value value(String column) {
            return columns.getOrDefault(column, Value.NULL);
        }

        /** The value of a column as a text. */
        String text(String column) {
            return String.valueOf(value(column).tree());
        }
    }

    /** The Drillbit, which ends with this process. */
    private static final class Shared {
        static final Path HOME = home();
        static final Drillbit DRILLBIT = Drillbit.start(
                HOME,
                IntStream.range(0, WORKSPACES)
                        .boxed()
                        .collect(Collectors.toMap(number -> "w" + number, number -> HOME.resolve("w" + number))),
                "http",
                "");
        static final DrillClient CLIENT = DrillClient.of(DRILLBIT.uri());

        private Shared() {}

        private static Path home() {
            try {
                Path home = Files.createTempDirectory("drillbit");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    DRILLBIT.close();
                    Failures.translating(() -> Disk.real().deleteTree(home));
                }));
                return home;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Queries(int number) {
        folder = Shared.HOME.resolve("w" + number);
        schema = "dfs.w" + number;
    }

    /** A workspace that nobody has used. */
    static Queries ofNewWorkspace() throws IOException, InterruptedException {
        Shared.CLIENT.run("ALTER SYSTEM SET `drill.exec.http.rest.errors.verbose` = true");
        int number = NEXT.getAndIncrement();
        assertThat(number).as("workspaces: more tests than there are").isLessThan(WORKSPACES);
        return new Queries(number);
    }

    static Drillbit drillbit() {
        return Shared.DRILLBIT;
    }

    static DrillClient client() {
        return Shared.CLIENT;
    }

    Path folder() {
        return folder;
    }

    String schema() {
        return schema;
    }

    /** Options for what is published here: compacted as early as possible, and by nobody's leave. */
    PublicationOptions options() {
        return PublicationOptions.defaults()
                .withSchema(schema)
                .withCompactBytes(1)
                .withMaxSegments(4);
    }

    /** The folders of tables that were compacted. */
    List<String> bases() throws IOException {
        Path tables = folder.resolve(TableFiles.TABLES);
        List<String> bases = new ArrayList<>();
        for (String name : Disk.names(tables)) {
            if (Disk.names(tables.resolve(name)).stream().anyMatch(file -> file.endsWith(".parquet"))) {
                bases.add(name);
            }
        }
        return bases;
    }

    /** Runs a statement in which {@code $} stands for the workspace with a point. */
    List<Row> run(String statement) throws IOException, InterruptedException {
        return Shared.CLIENT.run(statement.replace("$", schema + ".")).rows().stream()
                .map(Row::new)
                .toList();
    }

    /** The one number that a query answers. */
    double number(String statement) throws IOException, InterruptedException {
        return run(statement).get(0).value("n").number();
    }

    /** The rows of a collection by the documents' ids. */
    Map<String, Row> rows(String collection) throws IOException, InterruptedException {
        Map<String, Row> rows = new TreeMap<>();
        for (Row row : run("SELECT * FROM $" + Sql.identifier(collection))) {
            rows.put(row.text("_id"), row);
        }
        return rows;
    }

    Row row(String collection, String id) throws IOException, InterruptedException {
        return requireNonNull(rows(collection).get(id));
    }

    /** Compares a collection's view with what the engine reads. */
    void assertShows(Team team, String collection) throws IOException, InterruptedException {
        Map<String, Row> rows = rows(collection);
        Map<String, Value> alive = team.alive(collection);
        assertThat(rows.keySet()).isEqualTo(alive.keySet());
        CollectionSchema types = team.schema.collection(collection);
        alive.forEach((id, record) -> {
            Row row = requireNonNull(rows.get(id));
            assertThat(row.value("_record").tree()).isEqualTo(record.text());
            record.fields().forEach((field, value) -> assertColumn(row.value(field), types.type(field), field, value));
            row.columns().keySet().stream()
                    .filter(name -> !name.startsWith("_") && !record.fields().containsKey(name))
                    .forEach(name -> assertThat(row.value(name)).as(name).isEqualTo(Value.NULL));
        });
    }

    /** Compares the views of cells and of the history with the cells that the store has, and those that were ever written. */
    void assertKeeps(Team team) throws IOException, InterruptedException {
        assertThat(texts("SELECT `collection`, `id`, `path`, CAST(`millis` AS VARCHAR), CAST(`counter` AS VARCHAR),"
                        + " `replica`, CAST(`removed` AS VARCHAR) FROM $watersmeet_cells WHERE `space` = 'space'"))
                .containsAll(team.cells())
                .isSubsetOf(team.written)
                .doesNotHaveDuplicates();
        assertThat(texts("SELECT CAST(`at` AS VARCHAR), `principal`, `replica`, `collection`, `id`, `path`, `change`,"
                        + " `field`, `value` FROM $watersmeet_history WHERE `replica` IS NOT NULL"))
                .containsAll(team.changes())
                .doesNotHaveDuplicates();
        assertThat(texts("SELECT `collection`, `id`, `path`, `change`, `principal` FROM $watersmeet_history"
                        + " WHERE `replica` IS NULL"))
                .containsAll(team.takenAway());
    }

    /** The rows of a query, each as the texts of its columns. */
    private List<String> texts(String statement) throws IOException, InterruptedException {
        DrillClient.Result result = Shared.CLIENT.run(statement.replace("$", schema + "."));
        return result.rows().stream()
                .map(Row::new)
                .map(row -> result.columns().stream().map(row::text).collect(Collectors.joining(" ")))
                .toList();
    }

    private static void assertColumn(Value shown, FieldType type, String field, Value value) {
        switch (type) {
            case SET ->
                assertThat(shown.tree())
                        .as(field)
                        .isEqualTo(value.elements().stream().map(Column::shown).toList());
            case COUNTER, FLAG -> assertThat(shown).as(field).isEqualTo(value);
            case MULTI, MAP -> assertThat(shown.tree()).as(field).isEqualTo(value.text());
            case REGISTER -> // a number or a boolean where all are
                assertThat(shown).as(field).isIn(value, Value.of(Column.shown(value)));
        }
    }
}
