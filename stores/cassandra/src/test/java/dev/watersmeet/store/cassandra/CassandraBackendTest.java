package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What of Cassandra the store relies on. */
class CassandraBackendTest {
    private static final CassandraOptions OPTIONS =
            CassandraOptions.defaults().withCopies(1).withKeyspace("tables");
    private static final SpaceKey SPACE = new SpaceKey(SpaceId.of("space"), 1);
    private static final SpaceKey TIED = new SpaceKey(SpaceId.of("ties"), 1);
    private static final DocumentId ID = DocumentId.of("things", "one");
    private static final ReplicaId REPLICA = new ReplicaId(1);

    @BeforeAll
    static void create() {
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @AfterAll
    static void drop() {
        Cluster.run("DROP KEYSPACE tables");
    }

    private static CassandraBackend backend() {
        return new CassandraBackend(Cluster.session(), OPTIONS, () -> {});
    }

    /** Cassandra's resolution of two writes at one time, which is what merges. */
    @Test
    void ofTwoCellsAtOneTimeTheGreaterStaysInMemoryOnDiskAndWhenTablesAreCompacted() {
        List<String> orders = List.of("lesser first", "greater first");
        Map<String, DocumentId> inMemory = ids("memory", orders);
        Map<String, DocumentId> onDisk = ids("disk", orders);
        try (CassandraBackend backend = backend()) {
            joinTies(backend, onDisk, true);
            Cluster.node().management().flush("tables");
            joinTies(backend, onDisk, false);
            Cluster.node().management().flush("tables");
            joinTies(backend, inMemory, true);
            joinTies(backend, inMemory, false);

            assertGreaterStay(backend, inMemory);
            assertGreaterStay(backend, onDisk);
            Cluster.node().management().flush("tables");
            Cluster.node().management().compact("tables");
            assertGreaterStay(backend, inMemory);
            assertGreaterStay(backend, onDisk);
        }
    }

    private static Map<String, DocumentId> ids(String where, List<String> orders) {
        return orders.stream()
                .collect(Collectors.toMap(order -> order, order -> DocumentId.of("ties", where + " " + order)));
    }

    private static void joinTies(CassandraBackend backend, Map<String, DocumentId> ids, boolean first) {
        ids.forEach((order, id) -> TIES.forEach((path, cells) -> {
            boolean lesser = order.equals("lesser first") == first;
            backend.join(
                    TIED, 1, List.of(new DocumentCells(id, DocumentState.of(Map.of(path, cells.get(lesser ? 0 : 1))))));
        }));
    }

    private static void assertGreaterStay(CassandraBackend backend, Map<String, DocumentId> ids) {
        Map<DocumentId, DocumentState> found = backend.read(TIED, ids.values());
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(ids.values());
        found.values()
                .forEach(state -> TIES.forEach((path, cells) ->
                        assertThat(state.get(path)).as("%s", path).isEqualTo(cells.get(1))));
    }

    /** As much as two large cells have in common. */
    private static final String LARGE = "x".repeat(Cells.LARGE_CELL_BYTES);

    /** The lesser and the greater of two cells at one time, or at two that are one for Cassandra. */
    private static final Map<Path, List<Cell>> TIES = Map.of(
            Path.register("replica"), List.of(cell(1_000, 1, "z"), cell(1_000, 2, "a")),
            Path.register("replica above 2^63"), List.of(cell(1_000, 1, "z"), cell(1_000, -2, "a")),
            Path.register("value"), List.of(cell(1_000, 1, "a"), cell(1_000, 1, "ab")),
            Path.register("large"), List.of(cell(1_000, 1, LARGE + "a"), cell(1_000, 1, LARGE + "ab")),
            Path.register("large and whole"), List.of(cell(1_000, 1, LARGE), cell(1_000, 1, "z")),
            Path.register("whole and large"), List.of(cell(1_000, 1, "x"), cell(1_000, 1, LARGE)),
            Path.register("removed"), List.of(cell(1_000, 1, "z"), Cell.removed(new Stamp(1_000, new ReplicaId(1)))),
            Path.register("after 6429"), List.of(cell(Long.MIN_VALUE + 7, 9, "z"), cell(-1, 1, "a")),
            Path.register("about 6429"), List.of(cell(Long.MAX_VALUE, 9, "z"), cell(Long.MIN_VALUE, 1, "a")));

    private static Cell cell(long time, long replica, String value) {
        return Cell.live(new Stamp(time, new ReplicaId(replica)), Value.of(value));
    }

    /** The times of cells are far ahead of Cassandra's clock, with which others write. */
    @Test
    void aPlainWriteOfSomebodyElseChangesNothing() {
        SpaceKey space = new SpaceKey(SpaceId.of("plain"), 1);
        DocumentCells cells = new DocumentCells(
                ID, DocumentState.of(Map.of(Path.register("field"), cell(1_700_000_000_000L << 16, 1, "kept"))));
        try (CassandraBackend backend = backend()) {
            backend.join(space, 1, List.of(cells));
            String row = " WHERE space = 'plain' AND life = 1 AND shard = " + Cells.shard(ID)
                    + " AND collection = 'things' AND document = '\"one\"' AND generation = 1 AND path = '[\"r\",\"field\"]'";

            Cluster.run("UPDATE tables.cell SET cell = 0x00" + row);
            Cluster.run("UPDATE tables.cell SET cell = null" + row);
            Cluster.run("DELETE FROM tables.cell" + row);

            assertThat(backend.read(space, List.of(ID))).isEqualTo(Map.of(ID, cells.cells()));
        }
    }

    /** A plain DELETE takes away for ever what comes again with the same stamp: so the generation is in the key. */
    @Test
    void whatWasDroppedStaysAwayHoweverLateItIsWritten() {
        try (CassandraBackend backend = backend()) {
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
        try (CassandraBackend backend = backend()) {
            backend.raiseTip(space, 1, 7, 5);
            backend.raiseTip(space, 1, 7, 3);

            assertThat(backend.tips(space, 1)).isEqualTo(Map.of(7L, 5L));
        }
    }

    @Test
    void entriesAreReadOverPartitionsAndUpToAHole() {
        SpaceKey space = new SpaceKey(SpaceId.of("entries"), 1);
        try (CassandraBackend backend = backend()) {
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
