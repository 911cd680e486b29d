package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DeletionPolicy;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.drill.Queries.Row;
import dev.watersmeet.store.memory.MemoryStore;
import dev.watersmeet.testing.drill.Drillbit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real Drillbit answers, compared with how the engine reads the same documents. */
class PublicationTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final Schema SCHEMA = Schema.empty()
            .with(
                    "things",
                    CollectionSchema.of(Map.of(
                            "tags", FieldType.SET,
                            "count", FieldType.COUNTER,
                            "flag", FieldType.FLAG,
                            "multi", FieldType.MULTI,
                            "map", FieldType.MAP)))
            .with("last", CollectionSchema.REGISTERS.with(DeletionPolicy.LAST_WRITER_WINS));

    @TempDir
    private static Path folder;

    private static Path workspace;
    private static Drillbit drillbit;
    private static Queries queries;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        workspace = folder.resolve("workspace");
        drillbit = Drillbit.start(folder.resolve("drillbit"), workspace);
        queries = Queries.to(drillbit.uri());
        queries.run("ALTER SYSTEM SET `drill.exec.http.rest.errors.verbose` = true");
    }

    @AfterAll
    static void stop() {
        drillbit.close();
    }

    private static Publisher publisher(Store store, Schema schema, int maxSegments) {
        return new Publisher(
                store, workspace, schema, PublicationOptions.defaults().withMaxSegments(maxSegments), Disk.real());
    }

    /** Replicas that edit documents which they have read before or later, and a store that takes what they write. */
    private static final class Team {
        final Random random;
        final Store store;
        final Schema schema;
        final List<Map<DocumentId, DocumentState>> replicas = new ArrayList<>();
        private long time = 1_700_000_000_000L;
        private long pushes;

        Team(long seed, Store store, Schema schema) {
            random = new Random(seed);
            this.store = store;
            this.schema = schema;
            for (int i = 0; i < 3; i++) {
                replicas.add(new HashMap<>());
            }
        }

        void step() {
            int number = random.nextInt(replicas.size());
            Map<DocumentId, DocumentState> replica = replicas.get(number);
            if (random.nextInt(3) == 0) {
                store.scan(SPACE, null, 10_000).documents().forEach(document -> replica.computeIfAbsent(
                                document.id(), id -> DocumentState.empty())
                        .join(document.cells()));
            }
            DocumentId id = DocumentId.of(random.nextInt(4) == 0 ? "last" : "things", "d" + random.nextInt(8));
            DocumentState state = replica.computeIfAbsent(id, key -> DocumentState.empty());
            CollectionSchema collection = schema.collection(id.collection());
            Stamp stamp = Stamp.of(++time, 0, new ReplicaId(number + 1));
            DocumentState edit = random.nextInt(4) == 0
                    ? Records.delete(state, collection, stamp)
                    : Records.put(state, collection, stamp, record());
            state.join(edit);
            Mark mark = new Mark(new ReplicaId(number + 1), "person " + number, ++pushes, "n", "");
            store.join(SPACE, Batch.of(List.of(new DocumentCells(id, edit)), mark));
        }

        private Value record() {
            Map<String, Object> fields = new TreeMap<>();
            fields.put("tags", pick(List.of(List.of(), List.of("x"), List.of("y", "x"), List.of("it's", 1.0, "`"))));
            fields.put("count", (double) random.nextInt(5));
            fields.put("flag", random.nextBoolean());
            fields.put("multi", pick(List.of("a", "b", 3.5)));
            fields.put("map", pick(List.of(Map.of("a", "1"), Map.of("a", Map.of("b", 2.0)), Map.of())));
            if (random.nextBoolean()) {
                fields.put("title", pick(List.of("one", "", "two\n\"'`\\", "\u00e4\ud83d\ude00")));
            }
            if (random.nextBoolean()) {
                fields.put("number", pick(List.of(0.0, -1.5, 1e21)));
            }
            if (random.nextBoolean()) {
                fields.put("done", random.nextBoolean());
            }
            if (random.nextInt(20) == 0) {
                fields.put("mixed", pick(List.of(true, 1.0, "text", List.of(1.0))));
            }
            return Value.of(fields);
        }

        private Object pick(List<?> from) {
            return from.get(random.nextInt(from.size()));
        }

        /** What the engine reads. */
        Map<String, Value> alive(String collection) {
            Map<String, Value> alive = new TreeMap<>();
            for (DocumentCells document : store.scan(SPACE, null, 10_000).documents()) {
                Optional<Value> record = Records.read(document.cells(), schema.collection(collection));
                if (document.id().collection().equals(collection) && record.isPresent()) {
                    alive.put(Column.shown(document.id().id()), record.get());
                }
            }
            return alive;
        }
    }

    private static Map<String, Row> rows(String collection) throws IOException, InterruptedException {
        Map<String, Row> rows = new TreeMap<>();
        for (Row row : queries.run("SELECT * FROM dfs.watersmeet." + Sql.identifier(collection))) {
            rows.put(row.text("_id"), row);
        }
        return rows;
    }

    private static Row row(String collection, String id) throws IOException, InterruptedException {
        return requireNonNull(rows(collection).get(id));
    }

    private static void assertSame(Team team, String collection) throws IOException, InterruptedException {
        Map<String, Row> rows = rows(collection);
        Map<String, Value> alive = team.alive(collection);
        assertThat(rows.keySet()).isEqualTo(alive.keySet());
        alive.forEach((id, record) -> {
            Row row = requireNonNull(rows.get(id));
            assertThat(row.value("_record").tree()).isEqualTo(record.text());
            record.fields()
                    .forEach((field, value) -> assertColumn(
                            row.value(field), team.schema.collection(collection).type(field), field, value));
            row.columns().keySet().stream()
                    .filter(name -> !name.startsWith("_") && !record.fields().containsKey(name))
                    .forEach(name -> assertThat(row.value(name)).as(name).isEqualTo(Value.NULL));
        });
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

    @Test
    void theViewsShowWhatTheEngineReads() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            Store store = MemoryStore.empty();
            Team team = new Team(seed, store, SCHEMA);
            Publisher publisher = publisher(store, SCHEMA, 4);
            for (int round = 0; round < 6; round++) {
                for (int step = team.random.nextInt(12); step > 0; step--) {
                    team.step();
                }
                publisher.round();
                assertSame(team, "things");
                assertSame(team, "last");
                if (round == 3) {
                    store.maintenance().purge(SPACE, Instant.now().plusSeconds(1));
                    publisher = publisher(store, SCHEMA, 4); // another process
                }
            }
        }
    }

    @Test
    void aRegisterIsANumberOrABooleanWhereAllAreAndATextFromThenOn() throws Exception {
        Store store = MemoryStore.empty();
        Publisher publisher = publisher(store, Schema.empty(), 10);
        put(store, "first", Map.of("price", 2.5, "open", true));
        publisher.round();
        assertThat(queries.run("SELECT SUM(price) AS total FROM dfs.watersmeet.shops WHERE `open`")
                        .get(0)
                        .value("total")
                        .number())
                .isEqualTo(2.5);
        put(store, "second", Map.of("price", "on demand", "open", false));
        publisher.round();
        assertThat(queries.run("SELECT price FROM dfs.watersmeet.shops ORDER BY `_id`").stream()
                        .map(row -> row.value("price").tree()))
                .containsExactly("2.5", "on demand");
    }

    private static void put(Store store, String id, Map<String, ?> record) {
        DocumentState edit = Records.put(
                DocumentState.empty(), CollectionSchema.REGISTERS, Stamp.of(1, 0, new ReplicaId(1)), Value.of(record));
        store.join(SPACE, Batch.of(List.of(new DocumentCells(DocumentId.of("shops", id), edit))));
    }

    @Test
    void theHistoryTellsWhoChangedWhatAndWhen() throws Exception {
        Store store = MemoryStore.empty();
        SpaceId space = SpaceId.of("history");
        DocumentId id = DocumentId.of("notes", "n");
        DocumentState state = DocumentState.empty();
        Publisher publisher = publisher(store, Schema.empty(), 2);
        for (int number = 1; number <= 5; number++) {
            DocumentState edit = Records.put(
                    state,
                    CollectionSchema.REGISTERS,
                    Stamp.of(1_700_000_000_000L + number, 0, new ReplicaId(9)),
                    Value.of(Map.of("title", "version " + number)));
            state.join(edit);
            store.join(
                    space,
                    Batch.of(
                            List.of(new DocumentCells(id, edit)),
                            new Mark(new ReplicaId(9), "O'Hara", number, "n", "")));
            publisher.round();
            publisher.round();
        }
        publisher(store, Schema.empty(), 2).round();
        List<Row> rows = queries.run("SELECT CAST(`at` AS VARCHAR) AS `at`, principal, `value` FROM"
                + " dfs.watersmeet.watersmeet_history WHERE `space` = 'history' AND change = 'set' ORDER BY `at`");
        assertThat(rows).hasSize(5);
        assertThat(rows.get(2).value("principal").tree()).isEqualTo("O'Hara");
        assertThat(rows.get(2).value("value").tree()).isEqualTo("\"version 3\"");
        assertThat(String.valueOf(rows.get(2).value("at").tree())).startsWith("2023-11-14 22:13:20.003");
        assertThat(queries.run("SELECT COUNT(*) AS n FROM dfs.watersmeet.watersmeet_cells WHERE `space` = 'history'")
                        .get(0)
                        .value("n")
                        .number())
                .isEqualTo(10);
    }

    @Test
    void noNameOrValueBecomesAPartOfAStatement() throws Exception {
        Store store = MemoryStore.empty();
        String collection = "a`b'; DROP VIEW things; --\\";
        Map<String, Object> fields = new TreeMap<>();
        for (String field :
                List.of("x`y", "it's", "a.b", "-- ", "\\", "a\\`b", "select", "Title", "title", "_ID", "")) {
            fields.put(field, "value of " + field + "'`");
        }
        DocumentState edit = Records.put(
                DocumentState.empty(), CollectionSchema.REGISTERS, Stamp.of(1, 0, new ReplicaId(1)), Value.of(fields));
        store.join(SPACE, Batch.of(List.of(new DocumentCells(DocumentId.of(collection, "it's `me`"), edit))));
        publisher(store, Schema.empty(), 10).round();
        Row row = row(Publisher.viewName(collection), "it's `me`");
        for (String field : List.of("x`y", "it's", "a.b", "-- ", "\\", "a\\`b", "select", "Title")) {
            assertThat(row.value(field).tree()).as(field).isEqualTo("value of " + field + "'`");
        }
        assertThat(row.columns()).doesNotContainKeys("_ID", "");
        assertThat(Value.parse(row.text("_record")).fields()).containsEntry("title", Value.of("value of title'`"));
    }

    @Test
    void aCollectionOfTheSchemaIsATableAlsoWithoutDocuments() throws Exception {
        Store store = MemoryStore.empty();
        publisher(store, Schema.empty().with("none", CollectionSchema.REGISTERS), 10)
                .round();
        assertThat(rows("none")).isEmpty();
    }

    @Test
    void publishingGoesOnWhileDrillIsDownAndQueriesSeeItAfterwards() throws Exception {
        Store store = DrillStore.open(folder.resolve("store"), DrillOptions.defaults());
        Publication publication = Publication.start(
                store, workspace, SCHEMA, PublicationOptions.defaults().withInterval(Duration.ofMillis(20)));
        try {
            drillbit.server().kill();
            assertThatThrownBy(() -> queries.run("SELECT 1")).isInstanceOf(IOException.class);
            DocumentState edit = Records.put(
                    DocumentState.empty(),
                    SCHEMA.collection("things"),
                    Stamp.of(1, 0, new ReplicaId(1)),
                    Value.of(Map.of("title", "meanwhile")));
            store.join(SPACE, Batch.of(List.of(new DocumentCells(DocumentId.of("things", "down"), edit))));
            drillbit.server().restart();
            while (!rows("things").containsKey("down")) {
                Thread.sleep(50);
            }
            assertThat(row("things", "down").text("title")).isEqualTo("meanwhile");
        } finally {
            publication.close();
            store.close();
        }
    }

    @Test
    void aStatementThatFailsIsNotTakenForOneWithoutRows() {
        assertThatThrownBy(() -> queries.run("SELECT * FROM dfs.watersmeet.`there is none`"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("FAILED");
    }
}
