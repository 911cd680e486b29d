package dev.watersmeet.store.geode;

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
import dev.watersmeet.testing.forked.ForkedServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two stores, one of which merges by the function and one by compare-and-set, write the same documents while servers of Geode are killed. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DyingServerTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final int WRITERS = 4;
    private static final int SHARED = 5;

    private final Queue<Mark> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);

    @Test
    void nothingAcknowledgedIsLostWhicheverServerDies() throws Exception {
        RegionsFixture withFunctions = new RegionsFixture(GeodeOptions.defaults());
        try (Store first = withFunctions.open();
                Store second = withFunctions.openWithoutFunctions()) {
            Cursor start = first.head(SPACE);
            ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                ReplicaId replica = new ReplicaId(i + 1);
                Store store = i % 2 == 0 ? first : second;
                writers.add(threads.submit(() -> push(store, replica)));
            }
            awaitMore(50);
            for (ForkedServer server : Cluster.cluster().servers()) {
                server.kill();
                awaitMore(50);
                server.restart();
                awaitMore(50);
            }
            writing.set(false);
            for (Future<?> writer : writers) {
                writer.get();
            }
            threads.shutdown();

            Map<DocumentId, DocumentState> scanned = scanned(second);
            assertThat(followed(first, start)).isEqualTo(scanned);
            for (Mark mark : acknowledged) {
                scanned.forEach((id, state) -> assertThat(state.cells()).containsKey(field(mark)));
            }
        }
        withFunctions.close();
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAllWereKilledAtOnce() throws Exception {
        RegionsFixture fixture = new RegionsFixture(GeodeOptions.defaults());
        try (Store store = fixture.open()) {
            Mark mark = new Mark(new ReplicaId(1), "ada", 1, "nonce", "");
            store.join(SPACE, Batch.of(documents(mark), mark));

            Cluster.cluster().restart();

            assertThat(whenAnswered(() -> store.mark(SPACE, mark.replica()))).contains(mark);
            assertThat(scanned(store)).hasSize(SHARED);
        }
        fixture.close();
    }

    private static <T> T whenAnswered(Supplier<T> question) throws InterruptedException {
        while (true) {
            try {
                return question.get();
            } catch (StoreException e) {
                assertThat(e.retryable()).as("%s", e).isTrue();
                Thread.sleep(200);
            }
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
            Mark mark = new Mark(replica, "ada", n, "nonce" + n, "");
            pushUntilKnown(store, Batch.of(documents(mark), mark).following(former), mark);
            acknowledged.add(mark);
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

    private static Path field(Mark mark) {
        return Path.register("r" + mark.replica() + "n" + mark.number());
    }

    /** The documents that all of them write, each push to a field of its own. */
    private static List<DocumentCells> documents(Mark mark) {
        Stamp stamp = Stamp.of(1_700_000_000_000L + mark.number(), 0, mark.replica());
        List<DocumentCells> documents = new ArrayList<>();
        for (int i = 0; i < SHARED; i++) {
            documents.add(new DocumentCells(
                    DocumentId.of("things", "shared" + i),
                    DocumentState.of(Map.of(
                            Path.existence(mark.replica()),
                            Cell.live(stamp),
                            field(mark),
                            Cell.live(stamp, Value.of(i))))));
        }
        return documents;
    }

    private static Map<DocumentId, DocumentState> scanned(Store store) {
        List<DocumentCells> found = new ArrayList<>();
        @Nullable Cursor position = null;
        do {
            Scan page = store.scan(SPACE, position, 1000);
            found.addAll(page.documents());
            position = page.position();
        } while (position != null);
        return joined(found);
    }

    private static Map<DocumentId, DocumentState> followed(Store store, Cursor start) {
        List<DocumentCells> found = new ArrayList<>();
        Cursor cursor = start;
        Changes page;
        do {
            page = store.changes(SPACE, cursor, 1000);
            found.addAll(page.documents());
            cursor = page.cursor();
        } while (page.more());
        return joined(found);
    }

    private static Map<DocumentId, DocumentState> joined(List<DocumentCells> parts) {
        Map<DocumentId, DocumentState> joined = new HashMap<>();
        parts.forEach(part ->
                joined.computeIfAbsent(part.id(), id -> DocumentState.empty()).join(part.cells()));
        return joined;
    }
}
