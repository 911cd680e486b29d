package dev.watersmeet.store.embedded;

import static dev.watersmeet.store.embedded.Sample.document;
import static dev.watersmeet.store.embedded.Sample.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this store promises beyond the contract. */
class EmbeddedStoreBehaviourTest {
    private static final SpaceId SPACE = SpaceId.of("space");

    @TempDir
    Path folder;

    private EmbeddedStore store;

    @BeforeEach
    void open() {
        store = EmbeddedStore.open(folder);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aThreadThatIsInterruptedWritesAllTheSameAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        store.join(SPACE, Batch.of(List.of(edit("d", 1, "written"))));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.count(SPACE)).isEqualTo(1);
    }

    @Test
    void writesOfManyThreadsSmallAndLargeAreNumberedWithoutGaps() throws Exception {
        int writers = 8;
        long each = 50;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> written = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int number = writer;
                written.add(threads.submit(() -> {
                    for (int n = 0; n < each; n++) {
                        String value = "x".repeat(n % 5 == 0 ? 100_000 : 1);
                        store.join(SPACE, Batch.of(List.of(edit(number + " " + n, n, value))));
                    }
                }));
            }
            for (Future<?> writer : written) {
                writer.get();
            }
        } finally {
            threads.shutdown();
        }

        Integrity integrity = store.checkIntegrity();
        assertThat(integrity.problems()).isEmpty();
        assertThat(integrity.entries()).isEqualTo(writers * each);
        assertThat(store.count(SPACE)).isEqualTo(writers * each);
    }

    @Test
    void aHotCellIsMergedOverRestarts() {
        for (int round = 1; round <= 3; round++) {
            for (int n = 0; n < 200; n++) {
                store.join(SPACE, Batch.of(List.of(edit("hot", round * (n * 7919 % 200), n * 7919 % 200))));
            }
            store.close();
            store = EmbeddedStore.open(folder);
        }

        assertThat(store.read(SPACE, List.of(document("hot"))))
                .isEqualTo(Map.of(document("hot"), edit("hot", 597, 199).cells()));
    }

    @Test
    void aFailingListenerDoesNotFailTheWriter() {
        store.watch(SPACE, () -> {
            throw new IllegalStateException("listener");
        });

        store.join(SPACE, Batch.of(List.of(edit("one", 1, 1))));

        assertThat(store.read(SPACE, List.of(document("one")))).hasSize(1);
    }

    @Test
    void closingCallsListenersAndRefusesNewOnes() {
        Semaphore calls = new Semaphore(0);
        store.watch(SPACE, calls::release);

        store.close();

        assertThat(calls.availablePermits()).isEqualTo(1);
        StoreException refusal = catchThrowableOfType(StoreException.class, () -> store.watch(SPACE, calls::release));
        assertThat(refusal.kind()).isEqualTo(StoreException.Kind.CLOSED);
    }

    @Test
    void anInterruptedWriterKnowsItsOutcome() {
        Thread.currentThread().interrupt();

        store.join(SPACE, Batch.of(List.of(edit("one", 1, 1))));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.read(SPACE, List.of(document("one")))).hasSize(1);
    }

    @Test
    void theCountIsExactInSmallSpacesAndAboutRightInLargeOnes() {
        for (int n = 0; n < 15; n++) {
            assertThat(store.count(SPACE)).isEqualTo(n);
            store.join(SPACE, Batch.of(List.of(edit("one by one" + n, n, n))));
        }
        List<DocumentCells> many =
                IntStream.range(0, 985).mapToObj(n -> edit("many" + n, n, n)).toList();
        store.join(SPACE, Batch.of(many));
        assertThat(store.count(SPACE)).isEqualTo(1000);
        for (int n = 1; n <= 200; n++) {
            store.join(SPACE, Batch.of(List.of(edit("more" + n, n, n))));
            assertThat(store.count(SPACE)).isBetween(1000 + n - 60L, 1000L + n);
        }
    }

    @Test
    void textThatUtf8CannotHoldIsRefusedAndNotReplaced() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.metadata(SPACE).compareAndSet("key", null, "\uD83D"));
        Mark mark = new Mark(Sample.REPLICA, "\uDE00", 1, "nonce", "");
        assertThatIllegalArgumentException().isThrownBy(() -> store.join(SPACE, Batch.of(List.of(), mark)));
    }

    @Test
    void cursorsAndPositionsAreNotMistakenForEachOther() {
        store.join(SPACE, Batch.of(List.of(edit("a", 1, 1), edit("b", 1, 1))));
        Scan page = store.scan(SPACE, null, 1);

        for (Cursor wrong : List.of(
                store.head(SPACE),
                new Cursor(Objects.requireNonNull(page.position()).text() + "AA"))) {
            StoreException refusal = catchThrowableOfType(StoreException.class, () -> store.scan(SPACE, wrong, 1));
            assertThat(refusal.kind()).isEqualTo(StoreException.Kind.CURSOR_EXPIRED);
        }
    }

    @Test
    void manyMarksWithoutCellsAreReadInPages() {
        Cursor cursor = store.head(SPACE);
        for (int n = 1; n <= 3 * ChangesPage.MAX_READ; n++) {
            store.join(SPACE, Batch.of(List.of(), new Mark(Sample.REPLICA, "ada", n, "nonce", "")));
        }

        List<Boolean> more = new ArrayList<>();
        Changes page;
        do {
            page = store.changes(SPACE, cursor, 1);
            cursor = page.cursor();
            more.add(page.more());
        } while (page.more());

        assertThat(more).containsExactly(true, true, false);
    }

    @Test
    void aCellThatChangedOftenIsSentOnceAndNewest() {
        Cursor cursor = store.head(SPACE);
        for (int n = 1; n <= 100; n++) {
            store.join(SPACE, Batch.of(List.of(edit("hot", n, n), edit("cold" + n % 3, n, n))));
        }

        Changes page = store.changes(SPACE, cursor, 10);

        assertThat(page.more()).isFalse();
        assertThat(page.documents())
                .containsExactlyInAnyOrder(
                        edit("hot", 100, 100), edit("cold0", 99, 99), edit("cold1", 100, 100), edit("cold2", 98, 98));
    }

    @Test
    void aPurgeGivesTheRoomOfTheLogAndOfDeadDocumentsBack() throws IOException {
        for (int n = 0; n < 200; n++) {
            store.join(SPACE, Batch.of(List.of(edit("changed", n, random(20_000)))));
            store.join(SPACE, Batch.of(List.of(dead("dead" + n, n, random(20_000)))));
        }
        store.close();
        long before = bytesOnDisk();
        store = EmbeddedStore.open(folder);

        store.maintenance().purge(SPACE, Instant.now().plusSeconds(60));
        store.maintenance().purge(SPACE, Instant.now().plusSeconds(60)); // of the entries that name what has gone

        store.close();
        assertThat(bytesOnDisk()).isLessThan(before / 8);
        store = EmbeddedStore.open(folder);
        assertThat(store.count(SPACE)).isEqualTo(1);
    }

    private static DocumentCells dead(String id, int n, String value) {
        DocumentState state = edit(id, n, value).cells().copy();
        state.join(
                dev.watersmeet.crdt.Path.deletion(Sample.REPLICA),
                Cell.removed(Stamp.of(1_800_000_000_000L, 0, Sample.REPLICA)));
        return new DocumentCells(document(id), state);
    }

    @Test
    void aPurgeOfManyDocumentsIsInParts() {
        Cursor start = store.head(SPACE);
        List<DocumentCells> dead = IntStream.range(0, 1200)
                .mapToObj(EmbeddedStoreBehaviourTest::dead)
                .toList();
        store.join(SPACE, Batch.of(dead));
        store.close();
        store = EmbeddedStore.open(folder, EmbeddedOptions.defaults(), () -> Long.MAX_VALUE / 2);
        store.join(SPACE, Batch.of(List.of(edit("living", 1, 1))));
        Cursor cursor = store.head(SPACE);

        assertThat(store.maintenance().purge(SPACE, Instant.now().plusSeconds(60)))
                .isEqualTo(new Purged(1200, 1200));

        List<Integer> parts = new ArrayList<>();
        Changes page;
        do {
            page = store.changes(SPACE, cursor, 10_000);
            cursor = page.cursor();
            parts.add(page.dropped().size());
        } while (page.more());
        assertThat(parts).containsExactly(500, 500, 200);
        assertThat(store.check(SPACE, start)).isEqualTo(CursorState.EXPIRED);
        assertThat(store.count(SPACE)).isEqualTo(1);
    }

    @Test
    void aPurgeThatIsInterruptedByClosingIsRepeated() throws InterruptedException {
        for (int part = 0; part < 4; part++) {
            int first = part * 1000;
            store.join(
                    SPACE,
                    Batch.of(IntStream.range(first, first + 1000)
                            .mapToObj(EmbeddedStoreBehaviourTest::dead)
                            .toList()));
        }
        store.join(SPACE, Batch.of(List.of(edit("living", 1, 1))));
        Semaphore purging = new Semaphore(0);
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        EmbeddedStore interrupted = store;
        Thread purge = new Thread(
                () -> {
                    try {
                        purging.release();
                        interrupted.maintenance().purge(SPACE, Instant.now().plusSeconds(60));
                    } catch (StoreException e) {
                        failure.set(e);
                    }
                },
                "purge");
        purge.start();
        purging.acquire();

        store.close();

        purge.join();
        assertThat(failure.get()).satisfiesAnyOf(e -> assertThat(e).isNull(), e -> assertThat(e)
                .asInstanceOf(type(StoreException.class))
                .extracting(StoreException::kind)
                .isEqualTo(StoreException.Kind.CLOSED));
        store = EmbeddedStore.open(folder);
        store.maintenance().purge(SPACE, Instant.now().plusSeconds(60));
        assertThat(store.scan(SPACE, null, 10_000).documents()).containsExactly(edit("living", 1, 1));
    }

    @Test
    void deletingASpaceGivesItsRoomBack() throws IOException {
        for (int n = 0; n < 200; n++) {
            store.join(SPACE, Batch.of(List.of(edit("hot", n, random(50_000)))));
        }
        long before = bytesOnDisk();

        store.maintenance().deleteSpace(SPACE);

        store.close();
        store = EmbeddedStore.open(folder);
        assertThat(bytesOnDisk()).isLessThan(before / 4);
    }

    private static DocumentCells dead(int n) {
        Cell removed = Cell.removed(Stamp.of(1, 0, Sample.REPLICA));
        return new DocumentCells(
                document("dead" + n), DocumentState.of(Map.of(dev.watersmeet.crdt.Path.register("field"), removed)));
    }

    private static String random(int length) {
        return ThreadLocalRandom.current()
                .ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void aLimitBelowOneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.scan(SPACE, null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store.changes(SPACE, store.head(SPACE), 0));
    }
}
