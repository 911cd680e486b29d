package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Tables that a real Drillbit compacts while they are written. */
class CompactionTest extends ShopsTest {
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
        PublicationOptions later = options.withHistory(Duration.ofDays(5))
                .withCompactBytes(1 << 20)
                .withCompactAfter(Duration.ofDays(100));
        Publisher publisher = publisher(later);
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
    void whatIsPurgedIsSeenByNoQueryFromThenOnAndGoesFromTheFilesAfterADay() throws Exception {
        PublicationOptions seldom = options.withCompactBytes(1 << 20).withGrace(Duration.ZERO);
        Publisher publisher = publisher(seldom);
        put("a", Map.of("title", "secret"));
        put("b", Map.of("title", "stays"));
        publisher.round();
        delete("a");
        publisher.round();
        assertThat(texts()).contains("secret");
        store.maintenance().purge(SPACE, Instant.now().plusSeconds(1));
        publisher.round();
        assertThat(queries.bases()).isEmpty();
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_cells WHERE `id` = 'a'"))
                .isZero();
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_history WHERE `id` = 'a'"))
                .isZero();
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_history WHERE `id` = 'b'"))
                .isPositive();
        assertThat(texts()).as("the files have it still").contains("secret");
        now += DAY;
        rounds(publisher(seldom), 4); // another process
        assertThat(queries.bases()).hasSize(2);
        assertThat(texts()).doesNotContain("secret");
        assertThat(queries.rows("shops")).containsOnlyKeys("b");
        put("a", Map.of("title", "again"));
        publisher(seldom).round();
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_history WHERE `value` = '\"again\"'"))
                .isEqualTo(1);
    }

    /** What is in all rows of JSON. */
    private String texts() throws IOException {
        StringBuilder texts = new StringBuilder();
        for (Path file : files(".json")) {
            texts.append(Files.readString(file));
        }
        return texts.toString();
    }

    @Test
    void spacesThatComeAndGoLeaveNothingAlsoWhereNobodyCompacts() throws Exception {
        Publisher publisher = publisher(queries.options().withGrace(Duration.ZERO));
        for (int i = 0; i < 120; i++) {
            SpaceId space = SpaceId.of("space-" + i);
            edit(space, "shops", "a" + i, Map.of("title", "gone"), CollectionSchema.REGISTERS);
            publisher.round();
            store.maintenance().deleteSpace(space);
        }
        rounds(publisher, 3);
        now++;
        publisher.round();
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_cells"))
                .isZero();
        assertThat(queries.rows("shops")).isEmpty();
        assertThat(texts().split("\"gone", -1).length - 1).isLessThan(110);
        for (Path view : files(CellRows.NAME + ".view.drill")) {
            assertThat(Files.readString(view).split("AND NOT", -1).length - 1).isLessThan(100);
        }
        put("b", Map.of("title", "b"));
        publisher.round();
        assertThat(shops()).isEqualTo(1);
    }

    @Test
    void aSpaceThatIsDeletedBeforeItWasPublishedAsAWholeLeavesNothing() throws Exception {
        putMany("a", 3);
        for (int steps = 0; steps < 30; steps++) {
            int[] left = {steps};
            Disk dying = new Disk(step -> {
                if (left[0]-- <= 0) {
                    throw new IOException("the process has died before: " + step);
                }
            });
            SpaceId space = SpaceId.of("short-" + steps);
            edit(space, "shops", "s" + steps, Map.of("title", "short"), CollectionSchema.REGISTERS);
            try {
                publisher(queries.options(), Schema.empty(), dying).round();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("has died");
            }
            store.maintenance().deleteSpace(space);
        }
        publisher(queries.options()).round();
        assertThat(queries.rows("shops")).containsOnlyKeys("a0", "a1", "a2");
        assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_cells WHERE `space` LIKE 'short-%'"))
                .isZero();
    }

    @Test
    void whatIsHiddenStaysSoWhenOnlyRowsFromBeforeAFailureAreCompacted() throws Exception {
        SpaceId gone = SpaceId.of("gone");
        Publisher failing = publisher(options.withDrill(NOBODY));
        put("a", Map.of("title", "a"));
        edit(gone, "shops", "x", Map.of("title", "x"), CollectionSchema.REGISTERS);
        failing.round();
        put("b", Map.of("title", "b"));
        edit(gone, "shops", "y", Map.of("title", "y"), CollectionSchema.REGISTERS);
        failing.round();
        delete("b");
        failing.round();
        store.maintenance().deleteSpace(gone);
        store.maintenance().purge(SPACE, Instant.now().plusSeconds(1));
        failing.round();
        Publisher publisher = publisher(options);
        for (int round = 0; round < 8; round++) {
            publisher.round();
            assertThat(queries.rows("shops")).containsOnlyKeys("a");
            assertThat(queries.number("SELECT COUNT(*) AS n FROM $watersmeet_cells WHERE `id` <> 'a'"))
                    .isZero();
        }
        assertThat(queries.bases()).hasSize(2);
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
    @EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
    void aDrillbitThatIsKilledWhileItCompactsLeavesTheTableAsItWasAndCompactsItLater() throws Exception {
        Deque<Runnable> waiting = new ArrayDeque<>();
        PublicationOptions kept = options.withGrace(Duration.ZERO);
        Publisher publisher =
                new Publisher(store, queries.folder(), Schema.empty(), kept, Disk.real(), () -> now, waiting::add);
        putMany("a", 20_000);
        publisher.round();
        List<Path> inputs = files(".json");
        assertThat(shops()).isEqualTo(20_000);
        Thread compaction = new Thread(waiting.remove());
        compaction.start();
        while (unfinishedFiles().isEmpty()) {
            Thread.onSpinWait();
        }
        Queries.drillbit().server().kill();
        compaction.join();
        put("b", Map.of("title", "meanwhile"));
        publisher.round();
        assertThat(queries.bases()).as("nothing half is the table's").isEmpty();
        assertThat(unfinishedFiles()).isEmpty();
        assertThat(files(".json")).containsAll(inputs);
        Queries.drillbit().server().restart();
        assertThat(shops()).isEqualTo(20_001);
        now += 30_001;
        while (queries.bases().size() < 2) { // of the cells, and of this one
            publisher.round();
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
        publisher.round();
        assertThat(files(".json")).doesNotContainAnyElementsOf(ofShops(inputs));
        assertThat(shops()).isEqualTo(20_001);
    }

    /** What is being compacted, as Drill has written it so far. */
    private List<Path> unfinishedFiles() throws IOException {
        Path tables = queries.folder().resolve(TableFiles.TABLES);
        List<Path> found = new ArrayList<>();
        for (String name : Disk.namesWithUnfinished(tables)) {
            if (name.startsWith(Disk.UNFINISHED)) {
                Disk.namesWithUnfinished(tables.resolve(name))
                        .forEach(file -> found.add(tables.resolve(name).resolve(file)));
            }
        }
        return found;
    }

    private static List<Path> ofShops(List<Path> files) {
        return files.stream()
                .filter(file -> file.toString().contains(Names.of("shops")))
                .toList();
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
