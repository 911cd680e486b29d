package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tables of several versions, of which the last is made up. */
class SchemaVersionTest {
    private static final CassandraOptions OPTIONS =
            CassandraOptions.defaults().withCopies(1).withKeyspace("versions");
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final DocumentId ID = DocumentId.of("things", "one");

    private static final SchemaVersion PLANTED = new SchemaVersion(
            SchemaVersion.ALL.size() + 1,
            List.of(
                    "ALTER TABLE %s.page ADD IF NOT EXISTS planted text",
                    "CREATE TABLE IF NOT EXISTS %s.planted (name text PRIMARY KEY)"));
    private static final List<SchemaVersion> WITH_PLANTED = IntStream.rangeClosed(0, SchemaVersion.ALL.size())
            .mapToObj(i -> i < SchemaVersion.ALL.size() ? SchemaVersion.ALL.get(i) : PLANTED)
            .toList();

    @AfterEach
    void drop() {
        Cluster.run("DROP KEYSPACE IF EXISTS versions");
    }

    private static void prepare(CassandraOptions options, List<SchemaVersion> versions) {
        new Tables(Cluster.session(), options, versions).prepare();
    }

    private static void write(Store store) {
        Cell cell = Cell.live(Stamp.of(1_000, 0, new ReplicaId(1)));
        Path path = Path.existence(new ReplicaId(1));
        store.join(SPACE, Batch.of(List.of(new DocumentCells(ID, DocumentState.of(Map.of(path, cell))))));
    }

    private static Map<String, Integer> versionRows() {
        Map<String, Integer> rows = new java.util.HashMap<>();
        for (Row row : Cluster.session().execute("SELECT store, version FROM versions.schema_version")) {
            rows.put(row.getString("store"), row.getInt("version"));
        }
        return rows;
    }

    @Test
    void numbersAreCountedFromOne() {
        assertThat(SchemaVersion.ALL.stream().map(SchemaVersion::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, SchemaVersion.ALL.size())
                        .boxed()
                        .toList());
    }

    @Test
    void missingTablesAreMadeByTheScriptThatTheRefusalSays() {
        CassandraOptions options = OPTIONS.creatingTables(false);
        String script = CassandraStore.script(options);
        assertThat(Cluster.refusal(options))
                .hasMessageContaining("the tables are missing")
                .hasMessageContaining(script);

        script.lines().forEach(Cluster::run); // each statement is a line

        try (Store store = CassandraStore.open(Cluster.session(), options)) {
            write(store);
            assertThat(store.read(SPACE, List.of(ID))).hasSize(1);
        }
    }

    @Test
    void aNewVersionIsMadeOfTheOneBeforeWhileServersOfThatGoOnAndIsRefusedToThemAtTheirNextStart() {
        try (Store store = CassandraStore.open(Cluster.session(), OPTIONS)) {
            prepare(OPTIONS, WITH_PLANTED);
            prepare(OPTIONS, WITH_PLANTED);

            write(store);
            assertThat(store.read(SPACE, List.of(ID))).hasSize(1);
        }
        assertThat(versionRows()).containsEntry("watersmeet", PLANTED.number()).doesNotContainKey("turn");
        Cluster.run("INSERT INTO versions.planted (name) VALUES ('there')");
        assertThat(Cluster.refusal(OPTIONS))
                .hasMessageContaining("of version " + PLANTED.number())
                .hasMessageContaining("up to " + SchemaVersion.ALL.size())
                .hasMessageContaining("later release");
    }

    @Test
    void whereTablesMayNotBeChangedTheRefusalSaysTheScriptFromTheVersionThatIsThere() {
        CassandraStore.open(Cluster.session(), OPTIONS).close();
        CassandraOptions options = OPTIONS.creatingTables(false);
        String script = Tables.script(options, WITH_PLANTED, SchemaVersion.ALL.size());
        assertThat(script).doesNotContain("KEYSPACE").contains("planted", "SET version = " + PLANTED.number());
        assertThatThrownBy(() -> prepare(options, WITH_PLANTED)).hasMessageContaining(script);

        script.lines().forEach(Cluster::run);

        prepare(options, WITH_PLANTED);
    }

    @Test
    void whatAnotherHasLeftHalfDoneIsCompleted() {
        CassandraStore.open(Cluster.session(), OPTIONS).close();
        Cluster.run(PLANTED.script("versions").get(0));

        prepare(OPTIONS, WITH_PLANTED);

        assertThat(versionRows()).containsEntry("watersmeet", PLANTED.number());
    }

    @Test
    void serversThatStartTogetherTakeTurns() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (CqlSession first = Cluster.another();
                CqlSession second = Cluster.another()) {
            List<Future<?>> starts = new ArrayList<>();
            for (CqlSession session : List.of(Cluster.session(), first, second)) {
                starts.add(threads.submit(() -> new Tables(session, OPTIONS, WITH_PLANTED).prepare()));
            }
            for (Future<?> start : starts) {
                start.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(versionRows()).containsEntry("watersmeet", PLANTED.number()).doesNotContainKey("turn");
    }

    /** A later version may spread spaces over more partitions: this one would find nothing in them. */
    @Test
    void tablesThatAreLaidOutOtherwiseAreRefused() {
        CassandraStore.open(Cluster.session(), OPTIONS).close();
        assertThat(versionRows()).containsEntry("layout shards", Cells.SHARDS);
        Cluster.run("UPDATE versions.schema_version SET version = 32 WHERE store = 'layout shards' IF EXISTS");

        assertThat(Cluster.refusal(OPTIONS))
                .hasMessageContaining("`layout shards` of schema_version is 32, and here it is " + Cells.SHARDS)
                .hasMessageContaining("use the release that made them");
    }

    @Test
    void aTableThatIsMissingAmongTheOthersIsNotMadeAnew() {
        CassandraStore.open(Cluster.session(), OPTIONS).close();
        Cluster.run("DROP TABLE versions.tip");

        assertThat(Cluster.refusal(OPTIONS))
                .hasMessageContaining("table tip is missing")
                .hasMessageContaining("backup");
    }

    /** A column that is dropped and added again has its old cells back. */
    @Test
    void aVersionDropsNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemaVersion(2, List.of("ALTER TABLE %s.page DROP body")))
                .withMessageContaining("DROP body");
    }
}
