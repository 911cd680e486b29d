package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the store asks of a cluster, and what of Cassandra it relies on. */
class TablesTest {
    private static final CassandraOptions OPTIONS =
            CassandraOptions.defaults().withCopies(1).withKeyspace("tables");
    private static final SpaceKey SPACE = new SpaceKey(SpaceId.of("space"), 1);
    private static final DocumentId ID = DocumentId.of("things", "one");
    private static final ReplicaId REPLICA = new ReplicaId(1);

    @BeforeAll
    static void create() {
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @AfterAll
    static void drop() {
        run("DROP KEYSPACE tables");
    }

    private static void run(String statement) {
        Cluster.session().execute(SimpleStatement.newInstance(statement).setTimeout(Duration.ofMinutes(1)));
    }

    private static StoreException refusal(CassandraOptions options) {
        StoreException refusal =
                catchThrowableOfType(StoreException.class, () -> CassandraStore.open(Cluster.session(), options)
                        .close());
        assertThat(refusal).as("refused").isNotNull();
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
        return refusal;
    }

    @Test
    void missingTablesAreMadeByTheScriptThatTheRefusalSays() {
        CassandraOptions options = OPTIONS.withKeyspace("byhand").creatingTables(false);
        String script = CassandraStore.script(options);
        assertThat(refusal(options)).hasMessageContaining(script);

        script.lines().forEach(TablesTest::run); // each statement is a line

        try (Store store = CassandraStore.open(Cluster.session(), options)) {
            store.join(SPACE.space(), Batch.of(List.of(document("field", 1))));
            assertThat(store.read(SPACE.space(), List.of(ID))).hasSize(1);
        }
        run("DROP KEYSPACE byhand");
    }

    @Test
    void tablesThatWouldLoseDataAreRefused() {
        assertRefused("cell", "default_time_to_live = 1000", "default_time_to_live = 0");
        assertRefused("entry", "read_repair = 'NONE'", "read_repair = 'BLOCKING'");
        assertRefused("cell", "gc_grace_seconds = 60", "gc_grace_seconds = 864000");
        assertRefused(
                "cell",
                "compaction = {'class': 'TimeWindowCompactionStrategy'}",
                "compaction = {'class': 'SizeTieredCompactionStrategy'}");
    }

    private static void assertRefused(String table, String wrong, String right) {
        run("ALTER TABLE tables." + table + " WITH " + wrong);
        String mended = "ALTER TABLE tables." + table + " WITH " + right;

        assertThat(refusal(OPTIONS)).hasMessageContaining(mended);

        run(mended);
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @Test
    void tablesOfALaterReleaseAreRefused() {
        run("UPDATE tables.schema_version SET version = 99 WHERE store = 'watersmeet' IF EXISTS");

        assertThat(refusal(OPTIONS)).hasMessageContaining("version 99");

        run("UPDATE tables.schema_version SET version = 1 WHERE store = 'watersmeet' IF EXISTS");
    }

    @Test
    void consistenciesThatDoNotMeetAreRefused() {
        Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withConsistency(ConsistencyLevel.ONE, ConsistencyLevel.SERIAL))
                .withMessageContaining("ONE");
        Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withConsistency(ConsistencyLevel.QUORUM, ConsistencyLevel.QUORUM));
    }

    /** A plain DELETE takes away for ever what comes again with the same stamp: so the generation is in the key. */
    @Test
    void whatWasDroppedStaysAwayHoweverLateItIsWritten() {
        try (CassandraBackend backend = new CassandraBackend(Cluster.session(), OPTIONS, () -> {})) {
            DocumentCells cells = document("field", 1);
            backend.join(SPACE, 1, List.of(cells));
            backend.drop(SPACE, 1, List.of(ID));
            backend.join(SPACE, 1, List.of(cells));
            assertThat(backend.read(SPACE, List.of(ID))).isEmpty();

            backend.join(SPACE, 2, List.of(cells));
            backend.drop(SPACE, 1, List.of(ID));

            assertThat(backend.read(SPACE, List.of(ID))).isEqualTo(Map.of(ID, cells.cells()));
            backend.erase(SPACE);
            backend.join(SPACE, 3, List.of(cells));
            assertThat(backend.read(SPACE, List.of(ID))).isEmpty();
        }
    }

    @Test
    void theGreaterTipStays() {
        SpaceKey space = new SpaceKey(SpaceId.of("tips"), 1);
        try (CassandraBackend backend = new CassandraBackend(Cluster.session(), OPTIONS, () -> {})) {
            backend.raiseTip(space, 1, 7, 5);
            backend.raiseTip(space, 1, 7, 3);

            assertThat(backend.tips(space, 1)).isEqualTo(Map.of(7L, 5L));
        }
    }

    @Test
    void entriesAreReadOverPartitionsAndUpToAHole() {
        SpaceKey space = new SpaceKey(SpaceId.of("entries"), 1);
        try (CassandraBackend backend = new CassandraBackend(Cluster.session(), OPTIONS, () -> {})) {
            List<byte[]> bodies = Collections.nCopies(Entries.BUCKET + 20, new byte[] {1});
            backend.append(space, 7, 1, bodies);
            backend.annul(space, 7, 2);
            backend.append(space, 7, Entries.BUCKET + 22L, List.of(new byte[] {1}));

            assertThat(backend.entries(space, 7, 0, 10_000)).hasSize(Entries.BUCKET + 20);
            assertThat(backend.entries(space, 7, 1, 1).get(0)).isEmpty();
            assertThat(backend.entries(space, 7, Entries.BUCKET - 1L, 3)).hasSize(3);
            backend.trim(space, 1, List.of(7L));
            assertThat(backend.entries(space, 7, 0, 10)).isEmpty();
        }
    }

    private static DocumentCells document(String field, int value) {
        Stamp stamp = Stamp.of(1_000, 0, REPLICA);
        return new DocumentCells(
                ID,
                DocumentState.of(Map.of(
                        Path.existence(REPLICA),
                        Cell.live(stamp),
                        Path.register(field),
                        Cell.live(stamp, Value.of(value)))));
    }
}
