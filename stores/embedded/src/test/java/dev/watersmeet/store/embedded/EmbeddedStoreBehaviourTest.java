package dev.watersmeet.store.embedded;

import static dev.watersmeet.store.embedded.Sample.document;
import static dev.watersmeet.store.embedded.Sample.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
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
    void valuesAboveALimitAreRefused() {
        StoreException metadata = catchThrowableOfType(StoreException.class, () -> store.metadata(SPACE)
                .compareAndSet("key", null, "x".repeat(Metadata.MAX_VALUE_LENGTH + 1)));
        assertThat(metadata.kind()).isEqualTo(StoreException.Kind.TOO_LARGE);
        assertThat(metadata)
                .hasMessageContaining("key")
                .hasMessageContaining("16384")
                .hasMessageContaining("16385");

        List<DocumentCells> large = IntStream.range(0, 65)
                .mapToObj(n -> edit("large" + n, n, "x".repeat((1 << 20) - 2)))
                .toList();
        StoreException batch = catchThrowableOfType(StoreException.class, () -> store.join(SPACE, Batch.of(large)));
        assertThat(batch.kind()).isEqualTo(StoreException.Kind.TOO_LARGE);
        assertThat(store.read(SPACE, List.of(document("large0")))).isEmpty();
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
        for (int n = 1; n <= 30; n++) {
            store.join(SPACE, Batch.of(List.of(), new Mark(Sample.REPLICA, "ada", n, "nonce", "")));
        }

        List<Boolean> more = new ArrayList<>();
        Changes page;
        do {
            page = store.changes(SPACE, cursor, 10);
            cursor = page.cursor();
            more.add(page.more());
        } while (page.more());

        assertThat(more).containsExactly(true, true, false);
    }

    @Test
    void aLimitBelowOneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.scan(SPACE, null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store.changes(SPACE, store.head(SPACE), 0));
    }
}
