package dev.watersmeet.store.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Replicas that push through several stores on the same data, while a test kills servers, or cuts their network: each one push after the other, and each again until it is known whether it counts. For one thread.
 *
 * <pre>{@code
 * Pushes pushes = Pushes.through(SPACE, mark -> List.of(document(mark)), first, second);
 * pushes.awaitMore(50);
 * server.kill();
 * pushes.awaitMore(50);
 * pushes.end(); // nothing that was acknowledged is lost
 * }</pre>
 */
public final class Pushes {
    private static final int REPLICAS_OF_A_STORE = 2;
    private static final int PAGE_CELLS = 1000;

    private final SpaceId space;
    private final Function<Mark, List<DocumentCells>> documents;
    private final List<Store> stores;
    private final Cursor start;
    private final Queue<Mark> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final ExecutorService threads;
    private final List<Future<?>> writers = new ArrayList<>();

    private Pushes(SpaceId space, Function<Mark, List<DocumentCells>> documents, List<Store> stores) {
        this.space = space;
        this.documents = documents;
        this.stores = stores;
        this.start = stores.get(0).head(space);
        this.threads = Executors.newFixedThreadPool(REPLICAS_OF_A_STORE * stores.size());
    }

    /**
     * Begins, with two replicas for each store.
     *
     * @param documents what is pushed under a mark; the same whenever it is asked for
     */
    public static Pushes through(SpaceId space, Function<Mark, List<DocumentCells>> documents, Store... stores) {
        Pushes pushes = new Pushes(space, documents, List.of(stores));
        for (int i = 0; i < REPLICAS_OF_A_STORE * stores.length; i++) {
            ReplicaId replica = new ReplicaId(i + 1);
            Store store = stores[i % stores.length];
            pushes.writers.add(pushes.threads.submit(() -> pushes.push(store, replica)));
        }
        return pushes;
    }

    /** Waits until more pushes were acknowledged, or one has failed, which the end tells. */
    public void awaitMore(int pushes) throws InterruptedException {
        int before = acknowledged.size();
        while (acknowledged.size() < before + pushes && writers.stream().noneMatch(Future::isDone)) {
            Thread.sleep(10);
        }
    }

    private void push(Store store, ReplicaId replica) {
        FormerMark former = FormerMark.NONE;
        for (int n = 1; writing.get(); n++) {
            Mark mark = new Mark(replica, "ada", n, "nonce" + n, "");
            pushUntilKnown(store, Batch.of(documents.apply(mark), mark).following(former), mark);
            acknowledged.add(mark);
            former = FormerMark.of(mark);
        }
    }

    private void pushUntilKnown(Store store, Batch batch, Mark mark) {
        while (true) {
            try {
                store.join(space, batch);
                return;
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.MARK_MOVED) {
                    assertThat(store.mark(space, mark.replica())).contains(mark); // an earlier attempt has counted
                    return;
                }
                assertThat(e.retryable()).as("%s", e).isTrue();
            }
        }
    }

    /**
     * Ends the pushes, and looks whether all that were acknowledged are there, by whatever way and through whatever store.
     *
     * @return what is there
     * @throws ExecutionException if a push has failed for another reason than that nothing answered
     */
    public Map<DocumentId, DocumentState> end() throws InterruptedException, ExecutionException {
        writing.set(false);
        threads.shutdown();
        for (Future<?> writer : writers) {
            writer.get();
        }
        Map<DocumentId, DocumentState> found =
                Copy.scanned(stores.get(0), space, PAGE_CELLS).documents();
        for (Mark mark : acknowledged) {
            for (DocumentCells document : documents.apply(mark)) {
                DocumentState there = found.getOrDefault(document.id(), DocumentState.empty());
                assertThat(there.cells())
                        .as("%s after %s", document.id(), mark)
                        .containsKeys(document.cells().cells().keySet().toArray(Path[]::new));
            }
        }
        for (Store store : stores) {
            assertThat(Copy.scanned(store, space, PAGE_CELLS).documents()).isEqualTo(found);
            assertThat(Copy.after(store, space, start, PAGE_CELLS).follow().documents())
                    .isEqualTo(found);
        }
        return found;
    }
}
