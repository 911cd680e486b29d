package dev.watersmeet.store.drill;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that a real Drillbit compacts while they are written, and publishers that die meanwhile. */
class CompactionTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final DrillClient NOBODY = DrillClient.of(URI.create("http://127.0.0.1:1"));

    private final Store store = MemoryStore.empty();
    private final Map<DocumentId, DocumentState> states = new HashMap<>();
    private Queries queries;
    private PublicationOptions options;
    private long now = 1_700_000_000_000L;

    @BeforeEach
    void workspace() throws IOException, InterruptedException {
        queries = Queries.ofNewWorkspace();
        options = queries.options().withDrill(Queries.client());
    }

    private Publisher publisher(PublicationOptions with) {
        return publisher(with, Schema.empty(), Disk.real());
    }

    private Publisher publisher(PublicationOptions with, Schema schema, Disk disk) {
        return new Publisher(store, queries.folder(), schema, with, disk, () -> now, Runnable::run);
    }

    private void put(String id, Map<String, ?> record) {
        edit(SPACE, "shops", id, record, CollectionSchema.REGISTERS);
    }

    private void edit(SpaceId space, String collection, String id, Map<String, ?> record, CollectionSchema schema) {
        DocumentId document = DocumentId.of(collection, id);
        DocumentState state = states.computeIfAbsent(document, key -> DocumentState.empty());
        Stamp stamp = Stamp.of(++now, 0, new ReplicaId(1));
        DocumentState edit = Records.put(state, schema, stamp, Value.of(record));
        state.join(edit);
        store.join(space, Batch.of(List.of(new DocumentCells(document, edit))));
    }

    private void delete(String id) {
        DocumentId document = DocumentId.of("shops", id);
        DocumentState state = requireNonNull(states.get(document));
        DocumentState edit = Records.delete(state, CollectionSchema.REGISTERS, Stamp.of(++now, 0, new ReplicaId(1)));
        state.join(edit);
        store.join(SPACE, Batch.of(List.of(new DocumentCells(document, edit))));
    }

    private void putMany(String name, int count) {
        for (int i = 0; i < count; i++) {
            put(name + i, Map.of("title", name + " " + i, "number", (double) i));
        }
    }

    private static void rounds(Publisher publisher, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            publisher.round();
        }
    }

    private double shops() throws IOException, InterruptedException {
        return queries.number("SELECT COUNT(*) AS n FROM $shops");
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(queries.folder())) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    @Test
    void whatWasCompactedAndWhatCameSinceAreOneTable() throws Exception {
        Publisher publisher = publisher(options);
        putMany("a", 200);
        rounds(publisher, 4);
        assertThat(queries.bases()).anyMatch(name -> name.startsWith(Names.of("shops")));
        assertThat(shops()).isEqualTo(200);
        put("a7", Map.of("title", "new", "late", "only now"));
        put("b", Map.of("title", "b"));
        delete("a8");
        publisher.round();
        assertThat(shops()).isEqualTo(200);
        assertThat(queries.row("shops", "a7").text("title")).isEqualTo("new");
        assertThat(queries.row("shops", "a7").text("late")).isEqualTo("only now");
        assertThat(queries.row("shops", "a6").value("late")).isEqualTo(Value.NULL);
        assertThat(queries.row("shops", "a6").value("number").number()).isEqualTo(6);
        assertThat(queries.rows("shops")).containsKey("b").doesNotContainKey("a8");
    }

    @Test
    void whatTookPlaceIsDeletedWhenQueriesHaveHadTime() throws Exception {
        Publisher publisher = publisher(options.withGrace(Duration.ofMinutes(1)));
        putMany("a", 20);
        rounds(publisher, 4);
        assertThat(files(".json")).as("still there").isNotEmpty();
        now += Duration.ofMinutes(1).toMillis() + 1;
        publisher.round();
        assertThat(files(".json")).isEmpty();
        assertThat(files(".parquet")).hasSize(2);
        assertThat(shops()).isEqualTo(20);
    }

    /** Dies before a step, and takes no other. */
    private static final class Dying implements Disk.Steps {
        private final AtomicInteger left;

        Dying(int steps) {
            left = new AtomicInteger(steps);
        }

        @Override
        public void before(String step) throws IOException {
            if (left.decrementAndGet() < 0) {
                throw new IOException("the process has died before: " + step);
            }
        }

        boolean alive() {
            return left.get() >= 0;
        }
    }

    @Test
    void whereverAPublisherDiesTablesAreReadAndTheNextOneGoesOn() throws Exception {
        putMany("a", 30);
        rounds(publisher(options.withDrill(NOBODY)), 1);
        boolean finished = false;
        int deaths = 0;
        for (int steps = 0; !finished; steps++) {
            put("a" + steps % 30, Map.of("title", "step " + steps, "number", (double) steps));
            Dying dying = new Dying(steps);
            Publisher mortal = publisher(options.withGrace(Duration.ZERO), Schema.empty(), new Disk(dying));
            try {
                rounds(mortal, 4);
            } catch (IOException e) {
                deaths++;
            }
            finished = dying.alive();
            assertThat(shops()).as("died at step %d", steps).isEqualTo(30);
        }
        assertThat(deaths).isGreaterThan(20);
        Publisher last = publisher(options.withGrace(Duration.ZERO));
        rounds(last, 2);
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $shops WHERE title LIKE 'step%'"))
                .isEqualTo(30);
        assertThat(queries.number(
                        "SELECT COUNT(*) AS n FROM $watersmeet_cells WHERE kind = 'register' AND `field` = 'title'"))
                .isEqualTo(store.scan(SPACE, null, 1).documents().isEmpty() ? 0 : 30 + deaths + 1);
        try (Stream<Path> all = Files.list(queries.folder().resolve(TableFiles.TABLES))) {
            assertThat(all.map(path -> String.valueOf(path.getFileName())))
                    .noneMatch(name -> name.startsWith(Disk.UNFINISHED));
        }
    }

    @Test
    void whatSomebodyLeftUnfinishedIsTakenAwayWhenItStarts() throws Exception {
        Path tables = queries.folder().resolve(TableFiles.TABLES);
        Files.createDirectories(tables.resolve("_left.0123456789abcdef"));
        Files.writeString(tables.resolve("_left.0123456789abcdef").resolve("0_0_0.parquet"), "half");
        Path draft = queries.folder().resolve("_00000000-0000-0000-0000-000000000000");
        Files.writeString(draft, "half");
        putMany("a", 1);
        publisher(options).round();
        assertThat(tables.resolve("_left.0123456789abcdef")).doesNotExist();
        assertThat(draft).doesNotExist();
        assertThat(shops()).isEqualTo(1);
    }

    @Test
    void aStartWritesNothingAnewButWhatHasChanged() throws Exception {
        putMany("a", 100);
        publisher(options.withDrill(NOBODY)).round();
        Map<Path, FileTime> before = times();
        put("a1", Map.of("title", "changed"));
        publisher(options.withDrill(NOBODY)).round();
        Map<Path, FileTime> after = times();
        assertThat(after).containsAllEntriesOf(before);
        List<Path> added = new ArrayList<>(after.keySet());
        added.removeAll(before.keySet());
        assertThat(added).hasSize(2); // a row, and its cells
        for (Path file : added) {
            assertThat(Files.size(file)).isLessThan(1000);
        }
        assertThat(queries.row("shops", "a1").text("title")).isEqualTo("changed");
    }

    private Map<Path, FileTime> times() throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        for (Path file : files(".json")) {
            times.put(file, Files.getLastModifiedTime(file));
        }
        return times;
    }

    @Test
    void withoutADrillbitWritingGoesOnAndFilesStayFew() throws Exception {
        Publisher publisher = publisher(options.withDrill(NOBODY).withGrace(Duration.ZERO));
        for (int i = 0; i < 30; i++) {
            put("a" + i % 10, Map.of("title", "round " + i));
            publisher.round();
            now += 1;
        }
        assertThat(files(".json").size()).isLessThan(20);
        assertThat(shops()).isEqualTo(10);
        Publisher later = publisher(options);
        rounds(later, 4);
        assertThat(queries.bases()).hasSize(2);
        assertThat(queries.row("shops", "a9").text("title")).isEqualTo("round 29");
        assertThat(shops()).isEqualTo(10);
    }

    @Test
    void withoutADrillbitThatCompactsRowsOfFormerVersionsGoAllTheSame() throws Exception {
        Publisher publisher = publisher(queries.options().withCompactBytes(5000).withGrace(Duration.ZERO));
        for (int i = 0; i < 100; i++) {
            put("a", Map.of("title", "round " + i));
            publisher.round();
            now += 1;
        }
        long bytes = 0;
        for (Path file : files(".json")) {
            bytes += String.valueOf(file).contains(CellRows.NAME) ? 0 : Files.size(file);
        }
        assertThat(bytes).isBetween(1L, 8000L);
        assertThat(queries.row("shops", "a").text("title")).isEqualTo("round 99");
    }

    @Test
    void theHistoryIsKeptForAsLongAsIsSaidAndWhatStandsForEver() throws Exception {
        Publisher publisher = publisher(options.withHistory(Duration.ofDays(5)).withCompactBytes(1 << 20));
        for (String title : List.of("first", "second", "third", "fourth")) {
            put("a", Map.of("title", title, "price", 1.0));
            publisher.round();
            now += title.equals("second") ? 10 * DAY : 0;
        }
        assertThat(queries.bases()).isEmpty();
        publisher = publisher(options.withHistory(Duration.ofDays(5)));
        rounds(publisher, 4);
        assertThat(queries.bases()).hasSize(2);
        assertThat(queries.run("SELECT `value` FROM $watersmeet_history WHERE `field` = 'title' ORDER BY `at`").stream()
                        .map(row -> row.text("value")))
                .containsExactly("\"third\"", "\"fourth\"");
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_history WHERE `field` = 'price'"))
                .as("what is from before, and still stands")
                .isEqualTo(1);
    }

    @Test
    void whatIsPurgedLeavesTheHistoryAsWell() throws Exception {
        put("a", Map.of("title", "secret"));
        put("b", Map.of("title", "stays"));
        Publisher publisher = publisher(options);
        rounds(publisher, 4);
        delete("a");
        publisher.round();
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_history WHERE `value` = '\"secret\"'"))
                .isEqualTo(1);
        store.maintenance().purge(SPACE, Instant.now().plusSeconds(1));
        now += 30_001; // after a compaction that had nothing to do
        putMany("c", 100);
        rounds(publisher, 6);
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_cells WHERE `id` = 'a'"))
                .isZero();
        put("a", Map.of("title", "again"));
        putMany("d", 400);
        rounds(publisher, 6);
        assertThat(
                        queries
                                .run("SELECT `value` FROM $watersmeet_history WHERE `id` = 'a' AND `field` = 'title'")
                                .stream()
                                .map(row -> row.text("value")))
                .containsExactly("\"again\"");
        assertThat(queries.rows("shops")).containsKeys("a", "b", "c99", "d399");
    }

    @Test
    void aSpaceThatIsGoneIsGoneAtOnceWithAllItsCells() throws Exception {
        SpaceId gone = SpaceId.of("gone");
        edit(gone, "shops", "x", Map.of("title", "x"), CollectionSchema.REGISTERS);
        put("a", Map.of("title", "a"));
        Publisher publisher = publisher(options);
        rounds(publisher, 4);
        edit(gone, "shops", "y", Map.of("title", "y"), CollectionSchema.REGISTERS);
        publisher.round();
        assertThat(queries.rows("shops")).containsOnlyKeys("a", "x", "y");
        store.maintenance().deleteSpace(gone);
        publisher.round();
        assertThat(queries.rows("shops")).containsOnlyKeys("a");
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_history WHERE `space` = 'gone'"))
                .isZero();
        edit(gone, "shops", "z", Map.of("title", "z"), CollectionSchema.REGISTERS);
        rounds(publisher, 4);
        assertThat(queries.rows("shops")).containsOnlyKeys("a", "z");
    }

    @Test
    void aSchemaThatHasChangedIsReadByFromTheStartOn() throws Exception {
        CollectionSchema sets = CollectionSchema.of(Map.of("tags", FieldType.SET));
        edit(SPACE, "notes", "n", Map.of("tags", List.of("x", "y"), "title", "n"), sets);
        rounds(publisher(options, Schema.empty(), Disk.real()), 4);
        assertThat(queries.row("notes", "n").columns()).doesNotContainKey("tags");
        rounds(publisher(options, Schema.empty().with("notes", sets), Disk.real()), 1);
        assertThat(queries.row("notes", "n").value("tags")).isEqualTo(Value.of(List.of("x", "y")));
    }

    @Test
    void serversWhoseSchemasNameDifferentFieldsWriteNothingAnewInTurns() throws Exception {
        Schema tags = Schema.empty().with("notes", CollectionSchema.of(Map.of("tags", FieldType.SET)));
        Schema likes = Schema.empty().with("notes", CollectionSchema.of(Map.of("likes", FieldType.COUNTER)));
        CollectionSchema both = CollectionSchema.of(Map.of("tags", FieldType.SET, "likes", FieldType.COUNTER));
        edit(SPACE, "notes", "n", Map.of("tags", List.of("x"), "likes", 3.0), both);
        PublicationOptions alone = queries.options().withCompactBytes(1 << 20);
        publisher(alone, tags, Disk.real()).round();
        publisher(alone, likes, Disk.real()).round();
        Map<Path, FileTime> before = times();
        for (int turn = 0; turn < 2; turn++) {
            publisher(alone, tags, Disk.real()).round();
            publisher(alone, Schema.empty(), Disk.real()).round();
            publisher(alone, likes, Disk.real()).round();
        }
        assertThat(times()).isEqualTo(before);
        assertThat(queries.row("notes", "n").value("tags")).isEqualTo(Value.of(List.of("x")));
        assertThat(queries.row("notes", "n").value("likes").number()).isEqualTo(3);
    }

    @Test
    void aTypeThatHasChangedIsReadByAndOthersStayAsTheyWere() throws Exception {
        CollectionSchema sets = CollectionSchema.of(Map.of("tags", FieldType.SET, "marks", FieldType.SET));
        edit(SPACE, "notes", "n", Map.of("tags", List.of("x"), "marks", List.of("y")), sets);
        publisher(options, Schema.empty().with("notes", sets), Disk.real()).round();
        CollectionSchema other = CollectionSchema.of(Map.of("tags", FieldType.REGISTER));
        publisher(options, Schema.empty().with("notes", other), Disk.real()).round();
        assertThat(queries.row("notes", "n").value("tags")).isEqualTo(Value.NULL);
        assertThat(queries.row("notes", "n").value("marks")).isEqualTo(Value.of(List.of("y")));
    }

    @Test
    void aSpaceThatIsMadeAnewBetweenTwoRoundsHasNothingOfTheOneBefore() throws Exception {
        put("a", Map.of("title", "before"));
        Publisher publisher = publisher(options.withDrill(NOBODY));
        publisher.round();
        store.maintenance().deleteSpace(SPACE);
        states.clear();
        put("b", Map.of("title", "after"));
        publisher.round();
        assertThat(queries.rows("shops")).containsOnlyKeys("b");
        assertThat(queries.run("SELECT DISTINCT `id` AS `id` FROM $watersmeet_history").stream()
                        .map(row -> row.text("id")))
                .containsExactly("b");
    }

    @Test
    void aSpaceThatIsMadeAnewBeforeItWasKnownToBePublishedHasNothingOfTheOneBefore() throws Exception {
        put("a", Map.of("title", "before"));
        publisher(options.withDrill(NOBODY)).round();
        Files.delete(queries.folder().resolve("_cursors")); // as if it had died before it was written
        store.maintenance().deleteSpace(SPACE);
        put("b", Map.of("title", "after"));
        publisher(options.withDrill(NOBODY)).round();
        assertThat(queries.rows("shops")).containsOnlyKeys("b");
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_cells WHERE `id` = 'a'"))
                .isZero();
    }

    @Test
    void whereNothingIsLeftOfAllThereAreEmptyTables() throws Exception {
        Publisher publisher = publisher(options.withGrace(Duration.ZERO));
        putMany("a", 20);
        rounds(publisher, 4);
        store.maintenance().deleteSpace(SPACE);
        rounds(publisher, 8);
        assertThat(shops()).isZero();
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_history"))
                .isZero();
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_cells"))
                .isZero();
    }

    @Test
    void aTableOfWhichNothingIsLeftIsCompactedAsWell() throws Exception {
        Publisher publisher = publisher(options.withGrace(Duration.ZERO));
        putMany("a", 3);
        publisher.round();
        for (int i = 0; i < 3; i++) {
            delete("a" + i);
        }
        for (int i = 0; i < 20; i++) {
            put("c", Map.of("title", "c" + i)); // more than what was compacted
            delete("c");
            publisher.round();
        }
        assertThat(queries.rows("shops")).isEmpty();
        put("b", Map.of("title", "b", "number", 2.0));
        publisher.round();
        assertThat(queries.row("shops", "b").value("number").number()).isEqualTo(2);
        now += 30_001;
        rounds(publisher, 6);
        assertThat(shops()).isEqualTo(1);
    }

    @Test
    void queriesNeverReadHalfOfACompaction() throws Exception {
        Deque<Runnable> waiting = new ArrayDeque<>();
        Publisher publisher = new Publisher(
                store, queries.folder(), Schema.empty(), options, Disk.real(), TimeSource.system(), waiting::add);
        putMany("a", 50);
        publisher.round();
        for (int i = 0; i < 3; i++) { // begun, not done: the table goes on meanwhile
            put("b" + i, Map.of("title", "meanwhile"));
            publisher.round();
            assertThat(shops()).isEqualTo(51 + i);
        }
        assertThat(waiting).hasSize(1);
        Thread drill = new Thread(waiting.remove());
        drill.start();
        int asked = 0;
        while (drill.isAlive()) {
            assertThat(shops()).isEqualTo(53);
            publisher.round();
            asked++;
        }
        drill.join();
        publisher.round();
        assertThat(asked).isPositive();
        assertThat(queries.bases()).hasSize(1);
        assertThat(shops()).isEqualTo(53);
    }

    @Test
    void aRecordOfHalfAMebibyteIsARow() throws Exception {
        String text = "\"\\\u0001\ud83d".repeat(60_000);
        put("a", Map.of("title", text));
        rounds(publisher(options), 3);
        assertThat(queries.number("SELECT CHAR_LENGTH(`_record`) AS n FROM $shops"))
                .isGreaterThan(500_000);
        assertThat(queries.bases()).isNotEmpty();
    }
}
