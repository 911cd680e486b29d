package dev.watersmeet.store.tck;

import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.mark;
import static dev.watersmeet.store.tck.Samples.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Marks of accepted pushes: S-5. */
abstract class MarkContract extends Contract {
    MarkContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-5: a replica that has not pushed has no mark")
    void aReplicaThatHasNotPushedHasNoMark() {
        store.join(SPACE, batch(edit("one", 1)));

        assertThat(store.mark(SPACE, REPLICA)).isEmpty();
    }

    @Test
    @DisplayName("S-5: the last push's mark is kept, with all that it says")
    void theLastMarkIsKept() {
        Mark odd = new Mark(
                REPLICA, "zoë|\u0000\uD83D\uDE00", Long.MAX_VALUE, "", "{\"rejected\":[\"ß\"]}" + "x".repeat(20_000));
        store.join(SPACE, Batch.of(List.of(edit("one", 1)), mark(REPLICA, 1)));
        store.join(SPACE, Batch.of(List.of(), mark(REPLICA, 2)));
        assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 2));

        store.join(SPACE, Batch.of(List.of(edit("one", 2)), odd));
        store.join(SPACE, batch(edit("one", 3)));

        assertThat(store.mark(SPACE, REPLICA)).contains(odd);
    }

    @Test
    @DisplayName("S-5: a mark is of one space and one replica")
    void marksAreApart() {
        List<ReplicaId> replicas = List.of(new ReplicaId(0), new ReplicaId(1), new ReplicaId(-1), new ReplicaId(256));
        int number = 0;
        for (ReplicaId replica : replicas) {
            store.join(SPACE, Batch.of(List.of(), mark(replica, ++number)));
            store.join(OTHER, Batch.of(List.of(), mark(replica, 10 + number)));
        }

        number = 0;
        for (ReplicaId replica : replicas) {
            assertThat(store.mark(SPACE, replica)).contains(mark(replica, ++number));
            assertThat(store.mark(OTHER, replica)).contains(mark(replica, 10 + number));
        }
    }

    @Test
    @DisplayName("S-5: a mark is seen exactly when its cells are")
    void marksAreWrittenWithTheirCells() throws Exception {
        Path field = Path.register("field");

        Threads.run(
                1,
                writer -> {
                    for (int n = 1; n <= 100; n++) {
                        store.join(SPACE, Batch.of(List.of(edit("pushed", n)), mark(REPLICA, n)));
                    }
                },
                () -> {
                    int marked = marked();
                    assertThat(written(field)).as("cells of push %d", marked).isGreaterThanOrEqualTo(marked);
                },
                () -> {
                    int written = written(field);
                    assertThat(marked())
                            .as("mark of the cells of push %d", written)
                            .isGreaterThanOrEqualTo(written);
                });
    }

    private int marked() {
        return store.mark(SPACE, REPLICA).map(mark -> (int) mark.number()).orElse(0);
    }

    private int written(Path field) {
        DocumentState state = store.read(SPACE, List.of(document("pushed"))).get(document("pushed"));
        @Nullable Cell cell = state == null ? null : state.get(field);
        return cell == null ? 0 : (int) (cell.stamp().time() - stamp(0).time());
    }
}
