package dev.watersmeet.store.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Replicas that push through several stores on the same data, each one push after the other and each again until it is known whether it counts. */
final class Pushes {
    static final SpaceId SPACE = SpaceId.of("space");

    private final Queue<DocumentId> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final List<Store> stores;
    private final Cursor start;
    private final ExecutorService threads;
    private final List<Future<?>> writers = new ArrayList<>();

    private Pushes(List<Store> stores) {
        this.stores = stores;
        this.start = stores.get(0).head(SPACE);
        this.threads = Executors.newFixedThreadPool(2 * stores.size());
    }

    /** Begins, with two replicas for each store. */
    static Pushes through(Store... stores) {
        Pushes pushes = new Pushes(List.of(stores));
        for (int i = 0; i < 2 * stores.length; i++) {
            ReplicaId replica = new ReplicaId(i + 1);
            Store store = stores[i % stores.length];
            pushes.writers.add(pushes.threads.submit(() -> pushes.push(store, replica)));
        }
        return pushes;
    }

    void awaitMore(int pushes) throws InterruptedException {
        int before = acknowledged.size();
        while (acknowledged.size() < before + pushes && writers.stream().noneMatch(Future::isDone)) {
            Thread.sleep(10);
        }
    }

    private void push(Store store, ReplicaId replica) {
        FormerMark former = FormerMark.NONE;
        for (int n = 1; writing.get(); n++) {
            DocumentCells document = document(replica, n);
            Mark mark = mark(replica, n);
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

    static Mark mark(ReplicaId replica, int n) {
        return new Mark(replica, "ada", n, "nonce" + n, "");
    }

    static DocumentCells document(ReplicaId replica, int n) {
        return document(replica + "-" + n, replica, n, Value.of(n));
    }

    static DocumentCells document(String id, ReplicaId replica, int n, Value value) {
        Stamp stamp = Stamp.of(1_700_000_000_000L + n, 0, replica);
        return new DocumentCells(
                DocumentId.of("things", id),
                DocumentState.of(Map.of(
                        Path.existence(replica), Cell.live(stamp), Path.register("field"), Cell.live(stamp, value))));
    }

    /** Ends the pushes, and looks whether all that were acknowledged are there, by whatever way and through whatever store. */
    void end() throws InterruptedException, ExecutionException {
        writing.set(false);
        threads.shutdown();
        for (Future<?> writer : writers) {
            writer.get();
        }
        Set<DocumentId> expected = new HashSet<>(acknowledged);
        for (Store store : stores) {
            Set<DocumentId> scanned = scanned(store);
            assertThat(scanned).containsAll(expected);
            assertThat(followed(store, start)).isEqualTo(scanned);
            assertThat(store.count(SPACE)).isEqualTo(scanned.size());
        }
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
