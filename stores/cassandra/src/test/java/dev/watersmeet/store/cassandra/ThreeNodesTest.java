package dev.watersmeet.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.testing.cassandra.CassandraCluster;
import dev.watersmeet.testing.cassandra.CassandraNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes with three copies, of which one is killed and one is frozen while pushes go on. */
@EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
@Timeout(900)
class ThreeNodesTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final int WRITERS = 4;

    private final Queue<DocumentId> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);

    @Test
    void nothingAcknowledgedIsLostWithANodeThatDiesAndOneThatIsFrozen(@TempDir java.nio.file.Path folder)
            throws Exception {
        try (CassandraCluster cluster = CassandraCluster.start(folder, 3);
                CqlSession session = Cluster.connect(cluster);
                Store first = CassandraStore.open(session, CassandraOptions.defaults());
                Store second = CassandraStore.open(session, CassandraOptions.defaults())) {
            Cursor start = first.head(SPACE);
            ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                ReplicaId replica = new ReplicaId(i + 1);
                Store store = i % 2 == 0 ? first : second;
                writers.add(threads.submit(() -> push(store, replica)));
            }
            awaitMore(100);
            CassandraNode dying = cluster.nodes().get(2);
            dying.kill();
            awaitMore(100);
            dying.restart();
            CassandraNode frozen = cluster.nodes().get(1);
            frozen.freeze();
            awaitMore(100);
            frozen.thaw();
            awaitMore(100);
            writing.set(false);
            for (Future<?> writer : writers) {
                writer.get();
            }
            threads.shutdown();

            Set<DocumentId> expected = new HashSet<>(acknowledged);
            assertThat(scanned(second)).containsAll(expected);
            assertThat(followed(first, start)).containsAll(expected);
            assertThat(followed(first, start)).isEqualTo(scanned(first));
        }
    }

    private void awaitMore(int pushes) throws InterruptedException {
        int before = acknowledged.size();
        while (acknowledged.size() < before + pushes) {
            Thread.sleep(20);
        }
    }

    /** Pushes by a replica, one after the other, each again until it is known whether it counts. */
    private void push(Store store, ReplicaId replica) {
        FormerMark former = FormerMark.NONE;
        for (int n = 1; writing.get(); n++) {
            DocumentCells document = document(replica, n);
            Mark mark = new Mark(replica, "ada", n, "nonce" + n, "");
            pushUntilKnown(store, Batch.of(List.of(document), mark).following(former), mark);
            acknowledged.add(document.id());
            former = FormerMark.of(mark);
        }
    }

    private static void pushUntilKnown(Store store, Batch batch, Mark mark) {
        while (true) {
            try {
                store.join(SPACE, batch);
                return;
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.MARK_MOVED) {
                    assertThat(store.mark(SPACE, mark.replica())).contains(mark); // an earlier attempt has counted
                    return;
                }
                assertThat(e.retryable()).as("%s", e).isTrue();
            }
        }
    }

    private static DocumentCells document(ReplicaId replica, int n) {
        Stamp stamp = Stamp.of(1_700_000_000_000L + n, 0, replica);
        return new DocumentCells(
                DocumentId.of("things", replica + "-" + n),
                DocumentState.of(Map.of(
                        Path.existence(replica),
                        Cell.live(stamp),
                        Path.register("field"),
                        Cell.live(stamp, Value.of(n)))));
    }

    private static Set<DocumentId> scanned(Store store) {
        Set<DocumentId> found = new HashSet<>();
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(SPACE, position, 1000);
            page.documents().forEach(document -> found.add(document.id()));
            position = page.position();
        } while (position != null);
        return found;
    }

    private static Set<DocumentId> followed(Store store, Cursor start) {
        Set<DocumentId> found = new HashSet<>();
        Cursor cursor = start;
        Changes page;
        do {
            page = store.changes(SPACE, cursor, 1000);
            page.documents().forEach(document -> found.add(document.id()));
            cursor = page.cursor();
        } while (page.more());
        return found;
    }
}
