package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.RecordKey;
import dev.watersmeet.store.processlogs.SpaceKey;
import dev.watersmeet.store.processlogs.Versioned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A deleted space leaves no row behind, whoever writes late. */
class ErasureTest {
    private static final CassandraOptions OPTIONS =
            CassandraOptions.defaults().withCopies(1).withKeyspace("erased");
    private static final List<String> TABLES = List.of("record", "member", "entry", "tip", "cell", "page");
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final SpaceId space = SpaceId.of("space" + NUMBER.incrementAndGet());
    private final SpaceKey key = new SpaceKey(space, NUMBER.get());

    @BeforeAll
    static void create() {
        CassandraStore.open(Cluster.session(), OPTIONS).close();
    }

    @AfterAll
    static void drop() {
        Cluster.run("DROP KEYSPACE erased");
    }

    private static CassandraBackend backend(CqlSession session) {
        return new CassandraBackend(session, OPTIONS, () -> {});
    }

    private static DocumentCells document(String id) {
        Cell cell = Cell.live(Stamp.of(1_000, 0, REPLICA));
        return new DocumentCells(DocumentId.of("things", id), DocumentState.of(Map.of(Path.existence(REPLICA), cell)));
    }

    /** What rows there are of a life. */
    private static List<String> rows(SpaceKey space) {
        List<String> found = new ArrayList<>();
        for (String table : TABLES) {
            for (Row row : Cluster.session().execute("SELECT * FROM erased." + table)) {
                if (space.space().name().equals(row.getString("space")) && row.getLong("life") == space.life()) {
                    found.add(table + " " + row.getFormattedContents());
                }
            }
        }
        return found;
    }

    /** A writer that is paused in the middle of a push, before it sends a statement; the last part is a batch of cells. */
    @ParameterizedTest
    @ValueSource(strings = {"member", "entry", "record", "cell", "tip"})
    void whatAPausedWriterWritesLateLeavesNothing(String table) throws Exception {
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        CqlSession pausing = Intercepted.session(Cluster.session(), cql -> {
            // Of records the replica's own, which is inserted: that of the space is updated.
            if (cql.startsWith("INSERT INTO erased." + table) && paused.getCount() > 0) {
                paused.countDown();
                awaitUninterruptibly(goesOn);
            }
        });
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Store deleter = CassandraStore.open(Cluster.session(), OPTIONS);
                Store writer = CassandraStore.open(pausing, OPTIONS)) {
            deleter.join(space, Batch.of(List.of(document("first"))));
            SpaceKey life = new SpaceKey(space, life());
            assertThat(rows(life)).isNotEmpty();
            Mark mark = new Mark(REPLICA, "ada", 1, "nonce", "outcome");
            Future<?> pushed = thread.submit(() -> push(writer, Batch.of(List.of(document("second")), mark)));
            paused.await();

            deleter.maintenance().deleteSpace(space);
            goesOn.countDown();
            pushed.get();

            assertThat(rows(life)).isEmpty();
        } finally {
            goesOn.countDown();
            thread.shutdown();
        }
    }

    /** Pushes, and where it is told that the space was deleted meanwhile does it again, as clients do. Otherwise the push came before the deletion. */
    private void push(Store store, Batch batch) {
        try {
            store.join(space, batch);
        } catch (StoreException e) {
            assertThat(e.retryable()).isTrue();
            store.join(space, batch);
            assertThat(store.read(space, List.of(DocumentId.of("things", "second"))))
                    .hasSize(1);
        }
        assertThat(store.read(space, List.of(DocumentId.of("things", "first")))).isEmpty();
    }

    private long life() {
        return Cluster.session()
                .execute("SELECT life FROM erased.space_name WHERE name = ? ALLOW FILTERING", space.name())
                .one()
                .getLong("life");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoIsLateIsToldThatTheSpaceWasDeleted() {
        try (CassandraBackend backend = backend(Cluster.session())) {
            backend.erase(key);

            List<Runnable> writes = List.of(
                    () -> backend.append(key, 7, 1, List.of(new byte[] {1})),
                    () -> backend.raiseTip(key, 1, 7, 1),
                    () -> backend.putPage(key, 1, 1, 0, new byte[] {1}),
                    () -> backend.compareAndSet(
                            new RecordKey(space, key.life(), RecordKey.Kind.MARK, "1"),
                            null,
                            Versioned.of(1, new byte[] {1})));

            for (Runnable write : writes) {
                assertThat(catchThrowableOfType(StoreException.class, write::run))
                        .hasMessageContaining("was deleted while it was written to")
                        .extracting(StoreException::kind)
                        .isEqualTo(StoreException.Kind.UNAVAILABLE);
            }
            assertThat(rows(key)).isEmpty();
        }
    }

    @Test
    void aWholeGroupOfEntriesThatIsAppendedLateLeavesNothing() {
        List<byte[]> group = Collections.nCopies(Entries.BUCKET, new byte[] {1});
        try (CassandraBackend backend = backend(Cluster.session())) {
            backend.append(key, 7, 1, List.of(new byte[] {1}));
            backend.append(key, 7, 2, group);
            backend.erase(key);

            backend.append(key, 7, 2L + Entries.BUCKET, group);

            assertThat(rows(key)).isEmpty();
        }
    }

    @Test
    void anErasureThatWasInterruptedIsCompletedWhenItIsRepeated() {
        List<byte[]> group = Collections.nCopies(Entries.BUCKET, new byte[] {1});
        AtomicInteger deletions = new AtomicInteger();
        CqlSession failing = Intercepted.session(Cluster.session(), cql -> {
            if (cql.startsWith("DELETE FROM erased.entry") && deletions.incrementAndGet() == 3) {
                throw new DriverTimeoutException("interrupted");
            }
        });
        try (CassandraBackend backend = backend(Cluster.session())) {
            for (int bucket = 0; bucket < 4; bucket++) {
                backend.append(key, 7, 1 + (long) bucket * Entries.BUCKET, group);
            }
            assertThatThrownBy(() -> backend(failing).erase(key)).isInstanceOf(StoreException.class);
            assertThat(rows(key)).isNotEmpty();

            backend.erase(key);

            assertThat(rows(key)).isEmpty();
        }
    }
}
