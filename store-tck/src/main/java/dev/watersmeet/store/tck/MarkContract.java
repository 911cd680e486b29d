package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.MARK_MOVED;
import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.mark;
import static dev.watersmeet.store.tck.Samples.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Marks of accepted pushes: S-5 and S-24. */
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
    @DisplayName("S-5: a late or repeated mark changes no mark, and its cells are joined")
    void theGreaterMarkStays() {
        Mark last = mark(REPLICA, 7);
        Mark twin = new Mark(REPLICA, "ada", 7, "another nonce", "{}");
        store.join(SPACE, Batch.of(List.of(edit("seventh", 7)), last));

        store.join(SPACE, Batch.of(List.of(edit("sixth", 6)), mark(REPLICA, 6)));
        assertThat(store.mark(SPACE, REPLICA)).as("after a late batch").contains(last);
        store.join(SPACE, Batch.of(List.of(edit("twin", 6)), twin));
        assertThat(store.mark(SPACE, REPLICA)).as("after a twin's batch").contains(last);

        for (String joined : List.of("sixth", "twin")) {
            assertHolds(edit(joined, 6));
        }
        store.join(SPACE, Batch.of(List.of(), mark(REPLICA, 9)));
        assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 9));
        if (has(Capability.DURABLE)) {
            reopen();
            assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 9));
        }
    }

    @Test
    @DisplayName("S-5: of marks that several write at once the greatest stays")
    void theGreatestOfManyMarksStays() throws Exception {
        Threads.run(4, writer -> {
            for (int n = 1; n <= 40; n++) {
                store.join(SPACE, Batch.of(List.of(), mark(REPLICA, (n * 17 + writer * 7) % 40 + 1)));
            }
        });

        assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 40));
    }

    @Test
    @DisplayName("S-24: a batch that follows another mark than there is is refused, and leaves no trace")
    void aBatchThatFollowsAnotherMarkIsRefused() {
        Batch first = Batch.of(List.of(edit("one", 1)), mark(REPLICA, 1));
        Batch second = Batch.of(List.of(edit("two", 1)), mark(REPLICA, 2));
        FormerMark former = FormerMark.of(mark(REPLICA, 1));
        FormerMark twin = new FormerMark(1, "another nonce");
        Cursor start = store.head(SPACE);

        assertRefused(MARK_MOVED, "none yet", () -> store.join(SPACE, second.following(former)));
        store.join(SPACE, first.following(FormerMark.NONE));
        assertRefused(MARK_MOVED, "one by now", () -> store.join(SPACE, second.following(FormerMark.NONE)));
        assertRefused(MARK_MOVED, "another nonce", () -> store.join(SPACE, second.following(twin)));

        assertThat(store.read(SPACE, List.of(document("two")))).isEmpty();
        assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 1));
        assertThat(Copy.after(store, SPACE, start, 10).follow().documents()).containsOnlyKeys(document("one"));
        store.join(SPACE, second.following(former));
        assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 2));
        assertHolds(edit("two", 1));
        ReplicaId other = new ReplicaId(REPLICA.bits() + 1);
        store.join(SPACE, Batch.of(List.of(), mark(other, 1)).following(FormerMark.NONE));
        store.join(OTHER, first.following(FormerMark.NONE));
    }

    @Test
    @DisplayName("S-24: of several that follow the same mark one is applied")
    void oneFollowsAMark() throws Exception {
        FormerMark former = FormerMark.NONE;
        for (int n = 1; n <= 15; n++) {
            former = assertOneFollows(former, n, writer -> store);
        }
    }

    @Test
    @DisplayName("S-24: of several instances that follow the same mark one is applied")
    void oneOfSeveralInstancesFollowsAMark() throws Exception {
        assumeHas(Capability.SHARED_BY_INSTANCES);
        try (Store second = fixture.open()) {
            FormerMark former = FormerMark.NONE;
            for (int n = 1; n <= 15; n++) {
                former = assertOneFollows(former, n, writer -> writer % 2 == 0 ? store : second);
            }
        }
    }

    private FormerMark assertOneFollows(FormerMark former, int number, IntFunction<Store> instances) throws Exception {
        Queue<Integer> applied = new ConcurrentLinkedQueue<>();
        Threads.run(4, writer -> {
            Mark own = new Mark(REPLICA, "ada", number, "by " + writer, "{}");
            DocumentCells delta = edit(number + "-" + writer, number);
            try {
                instances
                        .apply(writer)
                        .join(SPACE, Batch.of(List.of(delta), own).following(former));
                applied.add(writer);
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(MARK_MOVED);
            }
        });

        assertThat(applied).as("applied as push %d", number).hasSize(1);
        int winner = applied.element();
        assertThat(store.mark(SPACE, REPLICA).map(Mark::nonce)).contains("by " + winner);
        for (int writer = 0; writer < 4; writer++) {
            assertThat(store.read(SPACE, List.of(document(number + "-" + writer))))
                    .as("cells of writer %d", writer)
                    .hasSize(writer == winner ? 1 : 0);
        }
        return new FormerMark(number, "by " + winner);
    }

    @Test
    @DisplayName("S-5: who has seen a mark reads its cells")
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
