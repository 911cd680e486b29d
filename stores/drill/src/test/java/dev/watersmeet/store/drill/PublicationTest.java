package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.drill.Queries.Row;
import dev.watersmeet.store.memory.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real Drillbit answers, compared with how the engine reads the same documents. */
class PublicationTest {
    private static final SpaceId SPACE = Team.SPACE;
    private static final Schema SCHEMA = Team.SCHEMA;

    private Queries queries;

    @BeforeEach
    void workspace() throws IOException, InterruptedException {
        queries = Queries.ofNewWorkspace();
    }

    private Publisher publisher(Store store, Schema schema) {
        return publisher(store, schema, queries.options().withCompactBytes(1 << 20));
    }

    private Publisher publisher(Store store, Schema schema, PublicationOptions options) {
        return new Publisher(store, queries.folder(), schema, options, Disk.real(), TimeSource.system(), Runnable::run);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, System.getenv("WATERSMEET_LONG") == null ? 2 : 10);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theViewsShowWhatTheEngineReadsFreshAndCompacted(long seed) throws Exception {
        Store store = MemoryStore.empty();
        Team team = new Team(seed, store, SCHEMA);
        PublicationOptions options =
                seed == 1 ? queries.options() : queries.options().withDrill(Queries.client());
        Publisher publisher = publisher(store, SCHEMA, options);
        Set<String> compacted = new HashSet<>();
        for (int round = 0; round < 6; round++) {
            for (int step = team.random.nextInt(12); step > 0; step--) {
                team.step();
            }
            publisher.round();
            queries.assertShows(team, "things");
            compacted.addAll(queries.bases());
            if (round % 3 == 2) {
                queries.assertShows(team, "last");
                queries.assertKeeps(team);
            }
            if (round == 2) {
                store.maintenance().purge(SPACE, Instant.now().plusSeconds(1));
                publisher = publisher(store, SCHEMA, options); // another process
            }
        }
        assertThat(compacted.size() > 2).isEqualTo(options.drill() != null);
    }

    @Test
    void aRegisterIsANumberOrABooleanWhereAllAreAndATextFromThenOn() throws Exception {
        Store store = MemoryStore.empty();
        Publisher publisher = publisher(store, Schema.empty());
        put(store, "first", Map.of("price", 2.5, "open", true));
        publisher.round();
        assertThat(queries.run("SELECT SUM(price) AS total FROM $shops WHERE `open`")
                        .get(0)
                        .value("total")
                        .number())
                .isEqualTo(2.5);
        put(store, "second", Map.of("price", "on demand", "open", false));
        publisher.round();
        assertThat(queries.run("SELECT price FROM $shops ORDER BY `_id`").stream()
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
        Publisher publisher = publisher(store, Schema.empty());
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
        publisher(store, Schema.empty()).round();
        List<Row> rows = queries.run("SELECT CAST(`at` AS VARCHAR) AS `at`, principal, `value` FROM"
                + " $watersmeet_history WHERE `space` = 'history' AND change = 'set' ORDER BY `at`");
        assertThat(rows).hasSize(5);
        assertThat(rows.get(2).value("principal").tree()).isEqualTo("O'Hara");
        assertThat(rows.get(2).value("value").tree()).isEqualTo("\"version 3\"");
        assertThat(String.valueOf(rows.get(2).value("at").tree())).startsWith("2023-11-14 22:13:20.003");
        assertThat(queries.run("SELECT COUNT(*) AS n FROM $watersmeet_cells WHERE `space` = 'history'")
                        .get(0)
                        .value("n")
                        .number())
                .isEqualTo(10);
    }

    @Test
    void theHistoryNamesNobodyForWhatWasTakenAwayAndTellsWhenThatWasPublished() throws Exception {
        Store store = MemoryStore.empty();
        long[] now = {1_800_000_000_000L};
        Publisher publisher = new Publisher(
                store, queries.folder(), SCHEMA, queries.options(), Disk.real(), () -> now[0], Runnable::run);
        Edits edits = new Edits(store);
        edits.put("things", "Ada", Map.of("tags", List.of("x"), "count", 2.0, "multi", "m"));
        edits.put("last", "Ada", Map.of("title", "t"));
        publisher.round();
        now[0] += 60_000;
        edits.put("things", "Bob", Map.of("tags", List.of(), "count", 2.0));
        publisher.round();
        now[0] += 60_000;
        edits.delete("things", "Bob");
        edits.delete("last", "Bob");
        publisher.round();
        publisher(store, SCHEMA).round(); // another process, to which nothing is new
        assertThat(queries
                        .run(
                                "SELECT CAST(`at` AS VARCHAR(19)) AS `at`, principal, `replica`, `collection`, change,"
                                        + " `field` FROM $watersmeet_history"
                                        + " WHERE change IN ('removed', 'deleted', 'reset') ORDER BY `at`, `collection`, `field`")
                        .stream()
                        .map(row -> row.text("at") + " " + row.text("principal") + " " + row.text("collection") + " "
                                + row.text("change") + " " + row.text("field")))
                .containsExactly(
                        "2023-11-14 22:13:25 Bob last deleted null",
                        "2027-01-15 08:01:00 null things removed multi",
                        "2027-01-15 08:01:00 null things removed tags",
                        "2027-01-15 08:02:00 null last deleted null",
                        "2027-01-15 08:02:00 null things deleted null",
                        "2027-01-15 08:02:00 null things deleted null");
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_history WHERE principal = 'Ada'"))
                .as("what she has written stays hers")
                .isEqualTo(6);
    }

    /** Edits of a document in each collection by people who have seen all. */
    private static final class Edits {
        private final Store store;
        private final Map<String, DocumentState> states = new TreeMap<>();
        private long number;

        Edits(Store store) {
            this.store = store;
        }

        void put(String collection, String person, Map<String, ?> record) {
            join(
                    collection,
                    person,
                    Records.put(state(collection), SCHEMA.collection(collection), stamp(person), Value.of(record)));
        }

        void delete(String collection, String person) {
            join(collection, person, Records.delete(state(collection), SCHEMA.collection(collection), stamp(person)));
        }

        private DocumentState state(String collection) {
            return states.computeIfAbsent(collection, key -> DocumentState.empty());
        }

        private Stamp stamp(String person) {
            return Stamp.of(1_700_000_000_000L + 1000 * ++number, 0, replica(person));
        }

        private static ReplicaId replica(String person) {
            return new ReplicaId(person.hashCode());
        }

        private void join(String collection, String person, DocumentState edit) {
            state(collection).join(edit);
            store.join(
                    SPACE,
                    Batch.of(
                            List.of(new DocumentCells(DocumentId.of(collection, "d"), edit)),
                            new Mark(replica(person), person, number, "n", "")));
        }
    }

    @Test
    void theHistoryHasWhatStoodAtTheEndOfEachTurn() throws Exception {
        Store store = MemoryStore.empty();
        Publisher publisher = publisher(store, SCHEMA);
        Edits edits = new Edits(store);
        for (String title : List.of("first", "second", "third")) {
            edits.put("last", "Ada", Map.of("title", title));
            if (!title.equals("first")) {
                publisher.round();
            }
        }
        assertThat(queries.run("SELECT `value` FROM $watersmeet_history WHERE `field` = 'title' ORDER BY `at`").stream()
                        .map(row -> row.text("value")))
                .containsExactly("\"second\"", "\"third\"");
    }

    @Test
    void noNameOrValueBecomesAPartOfAStatement() throws Exception {
        Store store = MemoryStore.empty();
        String collection = "a`b'; DROP VIEW things; --\\";
        Map<String, Object> fields = new TreeMap<>();
        for (String field : List.of(
                "x`y", "it's", "a.b", "-- ", "\\", "a\\`b", "select", "__proto__", "Title", "title", "_ID", "")) {
            fields.put(field, "value of " + field + "'`");
        }
        DocumentState edit = Records.put(
                DocumentState.empty(), CollectionSchema.REGISTERS, Stamp.of(1, 0, new ReplicaId(1)), Value.of(fields));
        store.join(SPACE, Batch.of(List.of(new DocumentCells(DocumentId.of(collection, "it's `me`"), edit))));
        Publisher publisher = publisher(store, Schema.empty(), queries.options().withDrill(Queries.client()));
        publisher.round();
        assertHostile(collection);
        publisher.round();
        publisher.round();
        assertThat(queries.bases()).hasSize(2);
        assertHostile(collection);
    }

    private void assertHostile(String collection) throws Exception {
        Row row = queries.row(CollectionTable.viewName(collection), "it's `me`");
        for (String field : List.of("x`y", "it's", "a.b", "-- ", "\\", "a\\`b", "select", "__proto__", "Title")) {
            assertThat(row.value(field).tree()).as(field).isEqualTo("value of " + field + "'`");
        }
        assertThat(row.columns()).doesNotContainKeys("_ID", "");
        assertThat(Value.parse(row.text("_record")).fields()).containsEntry("title", Value.of("value of title'`"));
    }

    @Test
    void aCollectionOfTheSchemaIsATableAlsoWithoutDocuments() throws Exception {
        Store store = MemoryStore.empty();
        publisher(store, Schema.empty().with("none", CollectionSchema.REGISTERS))
                .round();
        assertThat(queries.rows("none")).isEmpty();
    }

    @Test
    void publishingGoesOnWhileDrillIsDownAndQueriesSeeItAfterwards(@TempDir Path folder) throws Exception {
        Store store = DrillStore.open(folder, DrillOptions.defaults());
        PublicationOptions compacting = queries.options().withDrill(Queries.client());
        Publication publication =
                Publication.start(store, queries.folder(), SCHEMA, compacting.withInterval(Duration.ofMillis(20)));
        try {
            Queries.drillbit().server().kill();
            assertThatThrownBy(() -> queries.run("SELECT 1")).isInstanceOf(IOException.class);
            DocumentState edit = Records.put(
                    DocumentState.empty(),
                    SCHEMA.collection("things"),
                    Stamp.of(1, 0, new ReplicaId(1)),
                    Value.of(Map.of("title", "meanwhile")));
            store.join(SPACE, Batch.of(List.of(new DocumentCells(DocumentId.of("things", "down"), edit))));
            while (!isInAFile("meanwhile")) {
                Thread.sleep(20);
            }
            Queries.drillbit().server().restart();
            assertThat(queries.row("things", "down").text("title")).isEqualTo("meanwhile");
        } finally {
            publication.close();
            store.close();
        }
    }

    /** Looks again where files go meanwhile: compaction replaces them, and Drill has its own that come and go. */
    private boolean isInAFile(String text) throws IOException {
        try (Stream<Path> files = Files.walk(queries.folder())) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".json")).toList()) {
                if (Files.readString(file).contains(text)) {
                    return true;
                }
            }
        } catch (UncheckedIOException | NoSuchFileException gone) {
            if (!(gone instanceof NoSuchFileException || gone.getCause() instanceof NoSuchFileException)) {
                throw gone;
            }
        }
        return false;
    }

    @Test
    void publishingGoesOnWhileADrillbitTakesConnectionsAndAnswersNothing(@TempDir Path folder) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Store store = DrillStore.open(folder, DrillOptions.defaults())) {
            URI nobody = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            PublicationOptions compacting = queries.options().withDrill(DrillClient.of(nobody));
            Publication publication =
                    Publication.start(store, queries.folder(), SCHEMA, compacting.withInterval(Duration.ofMillis(20)));
            for (String title : List.of("first", "second", "third")) {
                put(store, title, Map.of("title", title));
                while (!isInAFile(title)) {
                    Thread.sleep(20);
                }
            }
            assertThat(queries.rows("shops")).containsOnlyKeys("first", "second", "third");
            publication.close();
        }
    }

    @Test
    void aStatementThatFailsIsNotTakenForOneWithoutRows() {
        assertThatThrownBy(() -> queries.run("SELECT * FROM $`there is none`"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("FAILED");
    }
}
