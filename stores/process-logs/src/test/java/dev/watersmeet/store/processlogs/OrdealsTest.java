package dev.watersmeet.store.processlogs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was once got wrong: cursors that nobody was told, processes that pause for long, copies whose tables are of different moments. */
class OrdealsTest {
    private static final SpaceId SPACE = SpaceId.of("space");
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final ProcessLogOptions OPTIONS = new ProcessLogOptions(Duration.ofHours(1), Duration.ofMillis(100));

    private final MemoryBackend data = new MemoryBackend(Limits.ROOMY);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static Batch batch(String id, long time) {
        return Batch.of(List.of(document(id, Map.of(Path.existence(REPLICA), Cell.live(stamp(time))))));
    }

    private static DocumentCells document(String id, Map<Path, Cell> cells) {
        return new DocumentCells(DocumentId.of("things", id), DocumentState.of(cells));
    }

    private static Stamp stamp(long time) {
        return Stamp.of(time, 0, REPLICA);
    }

    private static Set<Object> told(Store store, Cursor start) {
        Set<Object> told = new HashSet<>();
        Cursor at = start;
        boolean more = true;
        while (more) {
            Changes changes = store.changes(SPACE, at, 100);
            changes.documents().forEach(document -> told.add(document.id().id().toJava()));
            at = changes.cursor();
            more = changes.more();
        }
        return told;
    }

    private static Set<Object> scanned(Store store) {
        Set<Object> found = new HashSet<>();
        store.scan(SPACE, null, 1000)
                .documents()
                .forEach(document -> found.add(document.id().id().toJava()));
        return found;
    }

    @Test
    void aCursorBeyondWhatThereIsGoesOnFromNothing() {
        try (ProcessLogStore store = ProcessLogStore.open(data, OPTIONS)) {
            Cursor start = store.head(SPACE);
            store.join(SPACE, batch("a", 1000));
            byte[] bytes = Point.unseal(store.head(SPACE)).orElseThrow();
            bytes[bytes.length - 1] = 100; // the sequence
            Cursor forged = Point.seal(bytes);

            assertThat(store.check(SPACE, forged)).isEqualTo(CursorState.EXPIRED);
            assertThatThrownBy(() -> store.join(SPACE, batch("b", 2000).basedOn(forged)))
                    .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.kind())
                            .isEqualTo(StoreException.Kind.CURSOR_EXPIRED));
            assertThatThrownBy(() -> store.changes(SPACE, forged, 10)).isInstanceOf(StoreException.class);
            store.join(SPACE, batch("c", 3000));
            assertThat(told(store, start)).containsExactlyInAnyOrder("a", "c");

            store.endGeneration(SPACE);

            assertThat(store.check(SPACE, forged)).isEqualTo(CursorState.EXPIRED);
            assertThat(told(store, start)).containsExactlyInAnyOrder("a", "c");
        }
    }

    @Test
    void aCursorOfWhatACopyLacksGoesOnFromNothing() {
        try (ProcessLogStore store = ProcessLogStore.open(data, OPTIONS)) {
            store.join(SPACE, batch("a", 1000));
            MemoryBackend copy = data.copy();
            store.join(SPACE, batch("b", 2000));
            Cursor later = store.head(SPACE);
            try (ProcessLogStore restored = ProcessLogStore.open(copy, OPTIONS)) {
                assertThat(restored.check(SPACE, later)).isEqualTo(CursorState.EXPIRED);
            }
        }
    }

    @Test
    void whatWasRefusedWhileACloserWasPausedIsNotCompletedByIt() throws Exception {
        PausingBackend writing = new PausingBackend(data);
        PausingBackend closing = new PausingBackend(data);
        try (ProcessLogStore writer = ProcessLogStore.open(writing.backend(), OPTIONS);
                ProcessLogStore closer = ProcessLogStore.open(closing.backend(), OPTIONS);
                ProcessLogStore purger = ProcessLogStore.open(data, OPTIONS)) {
            writer.join(SPACE, batch("a", 1000));
            writer.join(
                    SPACE,
                    Batch.of(List.of(document(
                            "dead",
                            Map.of(
                                    Path.existence(REPLICA), Cell.live(stamp(1000)),
                                    Path.deletion(REPLICA), Cell.removed(stamp(1000)))))));
            Cursor start = purger.head(SPACE);

            writing.pauseBefore("append");
            Future<?> written =
                    threads.submit(() -> writer.join(SPACE, batch("b", 2000).basedOn(start)));
            writing.awaitPause();
            closing.pauseBefore("entries");
            Future<?> closed = threads.submit(() -> closer.endGeneration(SPACE));
            closing.awaitPause();
            purger.maintenance().purge(SPACE, Instant.now().plusSeconds(60)); // it waits, and takes over
            writing.goOn();
            assertThatThrownBy(written::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(StoreException.class);
            closing.goOn();
            closed.get();

            assertThat(told(purger, start)).isEmpty();
            assertThat(scanned(purger)).containsExactly("a");
        }
    }

    @Test
    void aRenewalIsAheadOfWhatWasDroppedAfterTheRecordsWereCopied() {
        Map<RecordKey, Versioned> recordsOfBefore;
        try (ProcessLogStore store = ProcessLogStore.open(data, OPTIONS)) {
            store.join(SPACE, edit("first", 1500));
            recordsOfBefore = new HashMap<>(data.records);
            for (int part = 1; part <= 3; part++) {
                store.join(SPACE, removal("field" + part, 2000L * part));
                store.maintenance().purge(SPACE, Instant.now().plusSeconds(60L * part));
            }
        }
        data.records.clear();
        data.records.putAll(recordsOfBefore);
        try (ProcessLogStore restored = ProcessLogStore.open(data, OPTIONS)) {
            restored.maintenance().renewEpoch(SPACE);
            Cursor head = restored.head(SPACE);

            restored.join(SPACE, edit("after", 90_000).basedOn(head));

            assertThat(restored.read(SPACE, List.of(DocumentId.of("things", "x")))
                            .values())
                    .singleElement()
                    .satisfies(state ->
                            assertThat(state.get(Path.register("after"))).isNotNull());
            assertThat(told(restored, head)).containsExactly("x");
        }
    }

    @Test
    void aRenewalGivesUpAPurgeWhosePagesTheCopyLacks() {
        try (ProcessLogStore store = ProcessLogStore.open(data, OPTIONS)) {
            store.join(SPACE, edit("first", 1500));
        }
        RecordKey key = RecordKey.control(SPACE);
        Control control = Control.parse(requireNonNull(data.records.get(key)).bytes());
        data.records.put(
                key, Versioned.of(7, control.in(Control.Phase.SETTLED, 4711).toBytes()));
        try (ProcessLogStore restored = ProcessLogStore.open(data, OPTIONS)) {
            assertThatThrownBy(() -> restored.join(SPACE, edit("second", 2000)))
                    .hasMessageContaining("renew the epochs");

            restored.maintenance().renewEpoch(SPACE);

            restored.join(SPACE, edit("second", 2000));
            assertThat(scanned(restored)).containsExactly("x");
        }
    }

    @Test
    void aRenewalWritesCellsAnewThatTheCopyLacks() {
        try (ProcessLogStore store = ProcessLogStore.open(data, OPTIONS)) {
            store.join(SPACE, edit("first", 1500));
        }
        data.lives.values().forEach(life -> life.documents.clear()); // copied before, and the tips after
        try (ProcessLogStore restored = ProcessLogStore.open(data, OPTIONS)) {
            restored.maintenance().renewEpoch(SPACE);

            assertThat(scanned(restored)).containsExactly("x");
        }
    }

    private static Batch edit(String field, long time) {
        return field(field, Cell.live(stamp(time), Value.of("v")));
    }

    private static Batch removal(String field, long time) {
        return field(field, Cell.removed(stamp(time)));
    }

    private static Batch field(String field, Cell cell) {
        return Batch.of(List.of(
                document("x", Map.of(Path.existence(REPLICA), Cell.live(stamp(1000)), Path.register(field), cell))));
    }
}
