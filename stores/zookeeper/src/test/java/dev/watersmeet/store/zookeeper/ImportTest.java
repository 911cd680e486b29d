package dev.watersmeet.store.zookeeper;

import static dev.watersmeet.store.zookeeper.Sample.SPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Store;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents after others that were all new: these are not read before they are written. */
class ImportTest {
    private static final ReplicaId ONE = new ReplicaId(1);
    private static final ReplicaId OTHER = new ReplicaId(2);

    private final ZooKeeperOptions options = ZooKeeperOptions.defaults().withRoot("/import");

    @Test
    void whatIsThereIsMergedThoughItIsTakenForNew() {
        DocumentCells first = Sample.document("first", ONE, 1, Value.of("first"));
        DocumentCells edited = Sample.document("first", OTHER, 2, Value.of("edited"));
        DocumentCells last = Sample.document("last", OTHER, 2, Value.of("last"));
        try (Store store = ZooKeeperStore.open(Servers.client(), options)) {
            store.join(SPACE, Batch.of(List.of(first)));
            store.join(SPACE, Batch.of(List.of(Sample.document("second", ONE, 1, Value.of("second")))));
            store.join(SPACE, Batch.of(List.of(edited, last)));

            DocumentState merged = first.cells().copy();
            merged.join(edited.cells());
            assertThat(store.read(SPACE, List.of(first.id(), last.id())))
                    .containsEntry(first.id(), merged)
                    .containsEntry(last.id(), last.cells());
            assertThat(store.count(SPACE)).isEqualTo(3);
        }
    }
}
