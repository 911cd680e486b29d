package dev.watersmeet.store.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Publishers that die, start, and take over from others, with other schemas, and spaces that are gone or made anew. */
class HandoverTest extends ShopsTest {
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
}
