package dev.watersmeet.store.zookeeper;

import static dev.watersmeet.store.zookeeper.Sample.SPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is above a bound is refused, named, and changes nothing; and the connection, which ZooKeeper would cut, stays. */
class BoundsTest {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final ReplicaId REPLICA = new ReplicaId(7);
    private static final int WRITERS = 4;

    private final String root = "/bounds" + MADE.incrementAndGet();
    private Store store = open(Bounds.defaults());

    private Store open(Bounds bounds) {
        return ZooKeeperStore.open(
                Servers.client(), ZooKeeperOptions.defaults().withRoot(root).withBounds(bounds));
    }

    private void reopen(Bounds bounds) {
        store.close();
        store = open(bounds);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private StoreException refusal(Batch batch) {
        return refusal(SPACE, batch);
    }

    private StoreException refusal(SpaceId space, Batch batch) {
        StoreException refusal = catchThrowableOfType(StoreException.class, () -> store.join(space, batch));
        assertThat(refusal).isNotNull();
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.TOO_LARGE);
        return refusal;
    }

    private static DocumentCells field(String id, String field, int bytes) {
        return new DocumentCells(
                Sample.document(id, REPLICA, 1, Value.of(1)).id(),
                DocumentState.of(Map.of(
                        Path.register(field),
                        Cell.live(Stamp.of(1_700_000_000_000L, 0, REPLICA), Value.of("x".repeat(bytes))))));
    }

    private static DocumentCells deletion(String id) {
        return new DocumentCells(
                Sample.document(id, REPLICA, 1, Value.of(1)).id(),
                DocumentState.of(
                        Map.of(Path.deletion(REPLICA), Cell.removed(Stamp.of(1_700_000_000_001L, 0, REPLICA)))));
    }

    @Test
    void aDocumentThatWouldGrowTooLargeIsNamedAndTheOthersCanBeJoined() {
        DocumentCells small = Sample.document(REPLICA, 1);
        store.join(SPACE, Batch.of(List.of(field("large", "a", 300_000))));

        StoreException refusal = refusal(Batch.of(List.of(small, field("large", "b", 300_000))));

        assertThat(refusal.documents()).containsExactly(field("large", "b", 1).id());
        assertThat(refusal).hasMessageContaining("large").hasMessageContaining("524288");
        store.join(SPACE, Batch.of(List.of(small)));
        assertThat(store.count(SPACE)).isEqualTo(2);
    }

    @Test
    void aBatchOfSeveralLargeDocumentsHasToBeDivided() {
        List<DocumentCells> edits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            store.join(SPACE, Batch.of(List.of(field("large" + i, "a", 300_000))));
            edits.add(field("large" + i, "b", 10));
        }
        Cursor before = store.head(SPACE);

        StoreException refusal = refusal(Batch.of(edits));

        assertThat(refusal.documents()).isEmpty();
        assertThat(refusal).hasMessageContaining("fewer documents");
        assertThat(store.head(SPACE)).isEqualTo(before);
        store.join(SPACE, Batch.of(edits.subList(0, 2)));
        store.join(SPACE, Batch.of(edits.subList(2, 4)));
    }

    @Test
    void aBatchThatIsTooLargeDoesNotTakeAlongThoseThatCameWithIt() throws InterruptedException, ExecutionException {
        List<DocumentCells> edits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            store.join(SPACE, Batch.of(List.of(field("large" + i, "a", 300_000))));
            edits.add(field("large" + i, "b", 10));
        }
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> joining = new ArrayList<>();
            for (int n = 1; n <= 30 * WRITERS; n++) {
                Batch small = Batch.of(List.of(Sample.document(REPLICA, n)));
                joining.add(writers.submit(() -> store.join(SPACE, small)));
                if (n % WRITERS == 0) {
                    refusal(Batch.of(edits));
                }
            }
            for (Future<?> joined : joining) {
                joined.get();
            }
        } finally {
            writers.shutdownNow();
        }
        assertThat(store.count(SPACE)).isEqualTo(4 + 30 * WRITERS);
    }

    @Test
    void aSpaceHasSoManyDocumentsAndOneThatIsDeletedAndPurgedMakesRoom() throws InterruptedException {
        reopen(new Bounds(1, 2, 10, 1 << 20, 100, 1 << 20));
        store.join(SPACE, Batch.of(List.of(Sample.document(REPLICA, 1), Sample.document(REPLICA, 2))));

        StoreException refusal = refusal(Batch.of(List.of(Sample.document(REPLICA, 1), Sample.document(REPLICA, 3))));

        assertThat(refusal.documents())
                .containsExactly(Sample.document(REPLICA, 3).id());
        assertThat(refusal).hasMessageContaining("2 documents");
        store.join(SPACE, Batch.of(List.of(deletion(REPLICA + "-1"))));
        Thread.sleep(5);
        assertThat(store.maintenance().purge(SPACE, Instant.now()).documents()).isEqualTo(1);
        store.join(SPACE, Batch.of(List.of(Sample.document(REPLICA, 3))));
        assertThat(refusal(SpaceId.of("other"), Batch.of(List.of(Sample.document(REPLICA, 1)))))
                .hasMessageContaining("at most 1 spaces")
                .hasMessageContaining("other");
    }

    @Test
    void aFullSpaceTakesRemovalsAlone() {
        reopen(new Bounds(1, 10, 10, 2_000, 100, 1 << 20));
        store.join(SPACE, Batch.of(List.of(Sample.document(REPLICA, 1), field("filling", "a", 1_700))));

        assertThat(refusal(Batch.of(List.of(field("more", "a", 200)))).documents())
                .containsExactly(field("more", "a", 1).id());
        store.join(SPACE, Batch.of(List.of(deletion(REPLICA + "-1"), deletion("filling"))));
    }

    @Test
    void aSpaceRemembersSoManyReplicas() {
        reopen(new Bounds(1, 10, 2, 1 << 20, 100, 1 << 20));
        for (int n = 1; n <= 2; n++) {
            store.join(SPACE, Batch.of(List.of(), Sample.mark(new ReplicaId(n), 1)));
        }

        assertThat(refusal(Batch.of(List.of(), Sample.mark(new ReplicaId(3), 1))))
                .hasMessageContaining("2 replicas");
        store.join(SPACE, Batch.of(List.of(), Sample.mark(new ReplicaId(2), 2)));
    }

    @Test
    void whoComesBackAfterMoreThanTheLogKeepsBeginsAnew() {
        reopen(new Bounds(1, 100, 10, 1 << 20, 10, 1 << 20));
        Cursor early = store.head(SPACE);
        Cursor late = early;
        for (int n = 1; n <= 40; n++) {
            late = store.join(SPACE, Batch.of(List.of(Sample.document(REPLICA, n))));
            assertThat(store.check(SPACE, late)).isEqualTo(CursorState.CURRENT);
        }

        assertThat(store.check(SPACE, early)).isEqualTo(CursorState.EXPIRED);
        assertThat(store.changes(SPACE, late, 10).documents()).isEmpty();
        assertThat(store.scan(SPACE, null, 1000).documents()).hasSize(40);
        assertThat(entries()).isBetween(1, 10);
    }

    private int entries() {
        Ensemble ensemble = new Ensemble(Servers.client());
        Paths paths = new Paths(root);
        Held held = Held.of(ensemble.get(paths.head(SPACE)));
        return ensemble.children(paths.log(held.life())).size();
    }

    @Test
    void aDeletedSpaceLeavesNothing() {
        store.join(SPACE, Batch.of(List.of(Sample.document(REPLICA, 1)), Sample.mark(REPLICA, 1)));
        store.metadata(SPACE).compareAndSet("key", null, "value");

        store.maintenance().deleteSpace(SPACE);

        Ensemble ensemble = new Ensemble(Servers.client());
        Paths paths = new Paths(root);
        assertThat(ensemble.children(paths.heads())).isEmpty();
        assertThat(ensemble.children(paths.data())).isEmpty();
    }

    @Test
    void boundsAreWithinWhatCanBeListed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bounds(3_001, 1, 1, 1, 1, 1))
                .withMessageContaining("3001");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZooKeeperOptions.defaults().withRoot("/"))
                .withMessageContaining("/watersmeet");
    }
}
