package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Meter;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metrics.DefaultSessionMetric;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.processlogs.Layered;
import dev.watersmeet.store.processlogs.Slice;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cells and entries as large as they may be: what one read of many fetches has a bound in bytes, which a node that sends them shows. */
class LargeValuesTest {
    private static final CassandraOptions OPTIONS =
            CassandraOptions.defaults().withCopies(1).withKeyspace("large");
    private static final int COUNT = 24;
    private static final int LARGEST = Value.MAX_BYTES - 2; // the quotation marks
    private static final ReplicaId REPLICA = new ReplicaId(1);

    private static CqlSession session;

    @BeforeAll
    static void create() {
        session = Cluster.measured();
        CassandraStore.open(session, OPTIONS).close();
    }

    @AfterAll
    static void drop() {
        session.close();
        Cluster.run("DROP KEYSPACE large");
    }

    /** How many bytes the nodes have sent. */
    private static long received() {
        Meter meter = session.getMetrics()
                .flatMap(metrics -> metrics.<Meter>getSessionMetric(DefaultSessionMetric.BYTES_RECEIVED))
                .orElseThrow();
        return meter.getCount();
    }

    private static CassandraBackend backend() {
        return new CassandraBackend(session, OPTIONS, () -> {});
    }

    /** Documents of one partition, each with a cell as large as there may be. */
    private static Map<DocumentId, DocumentState> documents() {
        Map<DocumentId, DocumentState> documents = new HashMap<>();
        Stream.iterate(0, i -> i + 1)
                .map(i -> DocumentId.of("things", "document" + i))
                .filter(id -> Cells.shard(id) == 0)
                .limit(COUNT)
                .forEach(id -> documents.put(id, state(id)));
        return documents;
    }

    private static DocumentState state(DocumentId id) {
        Stamp stamp = Stamp.of(1_000, 0, REPLICA);
        String text = id.id().toJava() + "x".repeat(LARGEST);
        return DocumentState.of(Map.of(
                Path.existence(REPLICA), Cell.live(stamp),
                Path.register("text"), Cell.live(stamp, Value.of(text.substring(0, LARGEST)))));
    }

    @Test
    void aScanFetchesOneDocumentWithLargeCellsAtATime() {
        SpaceKey space = new SpaceKey(SpaceId.of("scan"), 1);
        Map<DocumentId, DocumentState> documents = documents();
        try (CassandraBackend backend = backend()) {
            documents.forEach((id, state) -> backend.join(space, 1, List.of(new DocumentCells(id, state))));

            Map<DocumentId, DocumentState> found = new HashMap<>();
            @Nullable String from = null;
            do {
                long before = received();
                Slice slice = backend.scan(space, from, 100_000);
                assertThat(received() - before)
                        .as("bytes fetched for a slice")
                        .isLessThan(Store.PAGE_BYTES + 2 * (long) Value.MAX_BYTES);
                for (Layered layered : slice.documents()) {
                    assertThat(layered.generations()).isEqualTo(1);
                    found.put(layered.document().id(), layered.document().cells());
                }
                from = slice.next();
            } while (from != null);

            assertThat(found).isEqualTo(documents);
            assertThat(backend.read(space, documents.keySet())).isEqualTo(documents);
        }
    }

    @Test
    void aSmallCellTakesTheRestOfALargeOneAway() {
        SpaceKey space = new SpaceKey(SpaceId.of("replaced"), 1);
        DocumentId id = DocumentId.of("things", "one");
        DocumentState small = DocumentState.of(
                Map.of(Path.register("text"), Cell.live(Stamp.of(2_000, 0, REPLICA), Value.of("small"))));
        try (CassandraBackend backend = backend()) {
            backend.join(space, 1, List.of(new DocumentCells(id, state(id))));
            backend.join(space, 1, List.of(new DocumentCells(id, small)));

            DocumentState joined = state(id);
            joined.join(small);
            assertThat(backend.read(space, List.of(id))).isEqualTo(Map.of(id, joined));
            long rest = 0;
            for (var row :
                    session.execute("SELECT rest FROM large.cell WHERE space = 'replaced' AND life = 1 AND shard = "
                            + Cells.shard(id))) {
                rest += Rows.bytes(row, "rest").length;
            }
            assertThat(rest).isZero();
        }
    }

    @Test
    void aLogIsReadAFewLargeEntriesAtATime() {
        SpaceKey space = new SpaceKey(SpaceId.of("log"), 1);
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            byte[] body = new byte[i % 3 == 0 ? 100 : Value.MAX_BYTES + i];
            body[body.length - 1] = (byte) (1 + i);
            bodies.add(body);
        }
        try (CassandraBackend backend = backend()) {
            backend.append(space, 7, 1, bodies);

            List<byte[]> found = new ArrayList<>();
            while (found.size() < COUNT) {
                long before = received();
                found.addAll(backend.entries(space, 7, found.size(), 500));
                assertThat(received() - before)
                        .as("bytes fetched by a read")
                        .isLessThan(Entries.MAX_READ_BYTES + (long) Value.MAX_BYTES);
            }
            assertThat(found).usingElementComparator(java.util.Arrays::compare).isEqualTo(bodies);
            assertThat(backend.entries(space, 7, COUNT, 500)).isEmpty();

            backend.annul(space, 7, 2);
            assertThat(backend.entries(space, 7, 1, 1)).singleElement().isEqualTo(new byte[0]);
        }
    }
}
