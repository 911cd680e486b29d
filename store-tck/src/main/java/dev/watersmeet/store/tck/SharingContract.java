package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.CURSOR_EXPIRED;
import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.deletion;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.joined;
import static dev.watersmeet.store.tck.Samples.mark;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.Subscription;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several instances of a store over the same data, as several server nodes have them. Skipped for a store that does not claim it. */
abstract class SharingContract extends Contract {
    SharingContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-1: what one instance has joined the other sees, as soon as the call returns")
    void theOtherInstanceSees() {
        assumeShared();
        try (Store second = fixture.open()) {
            for (int i = 1; i <= 10; i++) {
                Store writer = i % 2 == 0 ? store : second;
                Store reader = i % 2 == 0 ? second : store;
                DocumentCells delta = edit("document" + i, i);

                writer.join(SPACE, Batch.of(List.of(delta), mark(REPLICA, i)));

                assertThat(reader.read(SPACE, List.of(delta.id()))).isEqualTo(Map.of(delta.id(), delta.cells()));
                assertThat(reader.mark(SPACE, REPLICA)).contains(mark(REPLICA, i));
                assertThat(Copy.scanned(reader, SPACE, 5).documents()).hasSize(i);
            }
        }
    }

    @Test
    @DisplayName("S-6: a reader of one instance misses nothing that another writes")
    void aReaderMissesNothing() throws Exception {
        assumeShared();
        try (Store second = fixture.open()) {
            Queue<DocumentId> acknowledged = new ConcurrentLinkedQueue<>();
            Copy reader = Copy.after(store, SPACE, second.head(SPACE), 10);

            Threads.run(
                    4,
                    writer -> {
                        for (int i = 0; i < 40; i++) {
                            DocumentCells delta = edit(writer + "-" + i, i);
                            (writer % 2 == 0 ? store : second).join(SPACE, batch(delta));
                            acknowledged.add(delta.id());
                        }
                    },
                    () -> {
                        Set<DocumentId> missed = new HashSet<>(acknowledged);
                        missed.removeAll(reader.follow().documents().keySet());
                        assertThat(missed).isEmpty();
                    });
        }
    }

    @Test
    @DisplayName("S-17: of two instances that set a key, one succeeds")
    void oneOfTwoInstancesIsFirst() {
        assumeShared();
        try (Store second = fixture.open()) {
            assertThat(store.metadata(SPACE).compareAndSet("key", null, "first"))
                    .isTrue();

            assertThat(second.metadata(SPACE).compareAndSet("key", null, "second"))
                    .isFalse();
            assertThat(second.metadata(SPACE).get("key")).contains("first");
        }
    }

    @Test
    @DisplayName("S-3: writers on several instances end at the join of all that they wrote")
    void writersOfSeveralInstancesEndAtTheJoin() throws Exception {
        assumeShared();
        try (Store second = fixture.open()) {
            DocumentCells expected = edit("one", 40);
            Threads.run(4, writer -> {
                for (int i = 0; i < 40; i++) {
                    int n = (i * 17 + writer * 7) % 40 + 1;
                    (writer % 2 == 0 ? store : second).join(SPACE, batch(edit("one", n)));
                }
            });

            for (Store instance : List.of(store, second)) {
                assertThat(instance.read(SPACE, List.of(expected.id())))
                        .isEqualTo(Map.of(expected.id(), expected.cells()));
                assertThat(Copy.scanned(instance, SPACE, 10).documents())
                        .isEqualTo(Map.of(expected.id(), expected.cells()));
            }
        }
    }

    @Test
    @DisplayName("S-6: a batch that one instance commits late is not passed by with the other's cursor")
    void aLateCommitOfAnotherInstanceIsNotPassedBy() throws Exception {
        assumeShared();
        try (Store second = fixture.open()) {
            Queue<DocumentId> acknowledged = new ConcurrentLinkedQueue<>();
            Copy first = Copy.after(store, SPACE, store.head(SPACE), 1);
            Copy other = Copy.after(second, SPACE, first.cursor(), 1000);
            Threads.run(
                    4,
                    writer -> {
                        for (int i = 0; i < 40; i++) {
                            DocumentCells delta = edit(writer + "-" + i, i);
                            (writer % 2 == 0 ? store : second).join(SPACE, batch(delta));
                            acknowledged.add(delta.id());
                        }
                    },
                    () -> omitsNothing(first, acknowledged),
                    () -> omitsNothing(other, acknowledged));
        }
    }

    private static void omitsNothing(Copy reader, Queue<DocumentId> acknowledged) {
        Set<DocumentId> missed = new HashSet<>(acknowledged);
        missed.removeAll(reader.follow().documents().keySet());
        assertThat(missed).isEmpty();
    }

    @Test
    @DisplayName("S-18: another instance forgets with a purge at once what it has read before")
    void theOtherInstanceForgets() throws Exception {
        assumeShared();
        assumeHas(Capability.PURGE);
        try (Store second = fixture.open()) {
            DocumentCells dead = joined(edit("dead", 1), deletion(document("dead"), 1));
            store.join(SPACE, batch(dead, edit("living", 1)));
            Cursor cursor = second.head(SPACE);
            assertThat(second.read(SPACE, List.of(dead.id()))).hasSize(1);
            assertThat(Copy.scanned(second, SPACE, 10).documents()).hasSize(2);

            store.maintenance().purge(SPACE, fixture.instant());

            assertThat(second.read(SPACE, List.of(dead.id()))).isEmpty();
            assertThat(Copy.scanned(second, SPACE, 10).documents()).containsOnlyKeys(document("living"));
            assertThat(second.check(SPACE, cursor)).isNotEqualTo(CursorState.CURRENT);
            assertThat(second.check(SPACE, store.head(SPACE))).isEqualTo(CursorState.CURRENT);
            assertRefused(
                    CURSOR_EXPIRED,
                    "a batch from before",
                    () -> second.join(SPACE, batch(edit("dead", 5)).basedOn(cursor)));
        }
    }

    @Test
    @DisplayName("S-18: a purge loses nothing that a writer had acknowledged who is gone since, without a farewell")
    void theTailOfACrashedWriterStays() throws Exception {
        assumeShared();
        assumeHas(Capability.PURGE);
        DocumentCells dead = joined(edit("revived", 1), deletion(document("revived"), 1));
        store.join(SPACE, batch(dead));
        Copy reader = Copy.scanned(store, SPACE, 10);
        Store gone = fixture.open(); // and never closed, as by a process that was killed
        gone.join(SPACE, Batch.of(List.of(edit("revived", 5)), mark(REPLICA, 1)));
        gone.join(SPACE, Batch.of(List.of(edit("last", 1)), mark(REPLICA, 2)));

        store.maintenance().purge(SPACE, fixture.instant());

        assertHolds(joined(dead, edit("revived", 5)));
        assertHolds(edit("last", 1));
        assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 2));
        if (store.check(SPACE, reader.cursor()) != CursorState.EXPIRED) {
            assertThat(reader.follow().documents())
                    .isEqualTo(Copy.scanned(store, SPACE, 10).documents());
        }
    }

    @Test
    @DisplayName("S-21: another instance's cursors end with the epoch, too")
    void theOtherInstancesCursorsEnd() {
        assumeShared();
        try (Store second = fixture.open()) {
            Cursor cursor = second.join(SPACE, batch(edit("one", 1)));

            store.maintenance().renewEpoch(SPACE);

            assertThat(second.check(SPACE, cursor)).isEqualTo(CursorState.BEFORE_RENEWAL);
            assertThat(second.check(SPACE, second.head(SPACE))).isEqualTo(CursorState.CURRENT);
        }
    }

    @Test
    @DisplayName("S-23: a space that one instance deletes is gone for the other")
    void theOtherInstanceErases() {
        assumeShared();
        try (Store second = fixture.open()) {
            Cursor cursor = second.join(SPACE, batch(edit("one", 1)));
            assertThat(second.read(SPACE, List.of(document("one")))).hasSize(1);

            store.maintenance().deleteSpace(SPACE);

            assertThat(second.read(SPACE, List.of(document("one")))).isEmpty();
            assertThat(second.check(SPACE, cursor)).isEqualTo(CursorState.EXPIRED);
            second.join(SPACE, batch(edit("two", 1)));
            assertThat(Copy.scanned(store, SPACE, 10).documents()).containsOnlyKeys(document("two"));
        }
    }

    @Test
    @SuppressWarnings("try") // the subscription is held, not used
    @DisplayName("S-12: a listener hears what another instance writes")
    void aListenerHearsTheOtherInstance() throws InterruptedException {
        assumeShared();
        assumeHas(Capability.PUSH_NOTIFICATION);
        Semaphore calls = new Semaphore(0);
        try (Store second = fixture.open();
                Subscription subscription = store.watch(SPACE, calls::release)) {
            boolean called = false;
            for (int i = 0; i < 50 && !called; i++) {
                second.join(SPACE, batch(edit("watched", i)));
                called = calls.tryAcquire(100, TimeUnit.MILLISECONDS);
            }
            assertThat(called).isTrue();
        }
    }

    private void assumeShared() {
        assumeHas(Capability.SHARED_BY_INSTANCES);
    }
}
