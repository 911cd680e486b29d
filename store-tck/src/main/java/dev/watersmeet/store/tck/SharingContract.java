package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.UNUSABLE;
import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.mark;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several instances of a store over the same data, as several server nodes have them: S-1, S-6. */
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
    @DisplayName("Metadata: of two instances that set a key, one succeeds")
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
    @DisplayName("S-1: a store that does not share its data refuses to be opened twice")
    void aSecondInstanceIsRefused() {
        Assumptions.assumeFalse(fixture.shared(), "the store may be shared");
        assumeDurable();
        assertRefused(UNUSABLE, "a second instance", () -> fixture.open().close());

        store.join(SPACE, batch(edit("one", 1)));

        assertThat(Copy.scanned(store, SPACE, 10).documents()).hasSize(1);
    }

    private void assumeShared() {
        Assumptions.assumeTrue(fixture.shared(), "the store does not claim to be shared");
    }
}
