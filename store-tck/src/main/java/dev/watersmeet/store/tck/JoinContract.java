package dev.watersmeet.store.tck;

import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.cell;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.stamp;
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
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.SpaceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Joining: S-1 to S-3. */
abstract class JoinContract extends Contract {
    private static final Path FIELD = Path.register("field");
    private static final Path ELEMENT = Path.element("tags", Value.of("red"), Samples.REPLICA);
    private static final Path BASE = Path.counterBase("count", stamp(1));

    JoinContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-1: what was joined is read")
    void whatWasJoinedIsRead() {
        DocumentCells one = edit("one", 1);

        store.join(SPACE, batch(one));

        assertThat(store.read(SPACE, List.of(one.id()))).isEqualTo(Map.of(one.id(), one.cells()));
    }

    @Test
    @DisplayName("S-1: the cursor that is returned covers the batch and nothing later")
    void theCursorCoversTheBatch() {
        Cursor before = store.head(SPACE);
        Cursor first = store.join(SPACE, batch(edit("one", 1)));
        store.join(SPACE, batch(edit("two", 2)));

        assertThat(Copy.after(store, SPACE, before, 100).follow().documents())
                .containsOnlyKeys(document("one"), document("two"));
        assertThat(Copy.after(store, SPACE, first, 100).follow().documents()).containsOnlyKeys(document("two"));
    }

    @Test
    @DisplayName("S-2: a large batch is applied as a whole")
    void aLargeBatchIsApplied() {
        Limits limits = store.capabilities().limits();
        List<DocumentCells> documents = new ArrayList<>();
        for (int i = 0; i < Math.min(250, Math.min(limits.batchCells() / 20, limits.batchBytes() / 5000)); i++) {
            DocumentState cells = DocumentState.empty();
            for (int field = 0; field < 20; field++) {
                cells.join(Path.register("field" + field), Cell.live(stamp(i), Value.of("value " + field)));
            }
            documents.add(new DocumentCells(document("document" + i), cells));
        }

        store.join(SPACE, Batch.of(documents));

        Map<DocumentId, DocumentState> expected = new HashMap<>();
        documents.forEach(delta -> expected.put(delta.id(), delta.cells()));
        assertThat(store.read(SPACE, expected.keySet())).isEqualTo(expected);
    }

    @Test
    @DisplayName("S-2: an empty batch changes nothing")
    void anEmptyBatchChangesNothing() {
        store.join(SPACE, batch(edit("one", 1)));
        Cursor cursor = store.join(SPACE, batch());

        assertThat(Copy.scanned(store, SPACE, 10).documents()).containsOnlyKeys(document("one"));
        assertThat(store.changes(SPACE, cursor, 10).documents()).isEmpty();
    }

    @Test
    @DisplayName("S-3: joining again changes nothing")
    void joiningAgainChangesNothing() {
        DocumentCells first = edit("one", 1);
        DocumentCells second = edit("one", 2);
        store.join(SPACE, batch(first));
        store.join(SPACE, batch(second));

        store.join(SPACE, batch(first));
        store.join(SPACE, batch(second));
        store.join(SPACE, batch(first));

        assertThat(store.read(SPACE, List.of(first.id()))).isEqualTo(Map.of(first.id(), second.cells()));
    }

    @Test
    @DisplayName("S-3: at each path the greatest cell stays, to the last bit of the order")
    void theGreatestCellStays() {
        int row = 0;
        for (Tie tie : ties()) {
            DocumentId upwards = document("up" + row);
            DocumentId downwards = document("down" + row);
            store.join(SPACE, batch(cell(upwards, tie.path, tie.lower), cell(downwards, tie.path, tie.greater)));
            store.join(SPACE, batch(cell(upwards, tie.path, tie.greater), cell(downwards, tie.path, tie.lower)));

            Map<DocumentId, DocumentState> read = store.read(SPACE, List.of(upwards, downwards));
            DocumentState expected = DocumentState.of(Map.of(tie.path, tie.greater));
            assertThat(read).as("%s", tie).isEqualTo(Map.of(upwards, expected, downwards, expected));
            row++;
        }
    }

    private record Tie(Path path, Cell lower, Cell greater) {}

    private static List<Tie> ties() {
        Stamp stamp = stamp(1);
        ReplicaId highest = new ReplicaId(-1);
        return List.of(
                new Tie(FIELD, live(stamp, "b"), live(stamp(2), "a")),
                new Tie(
                        FIELD,
                        live(new Stamp(Long.MAX_VALUE, highest), "b"),
                        live(new Stamp(-1, new ReplicaId(0)), "a")),
                new Tie(FIELD, live(stamp(1, new ReplicaId(Long.MAX_VALUE)), "b"), live(stamp(1, highest), "a")),
                new Tie(FIELD, live(stamp, "z"), Cell.removed(stamp)),
                new Tie(FIELD, live(stamp, "a"), live(stamp, "b")),
                new Tie(FIELD, live(stamp, 10), live(stamp, 9)),
                new Tie(FIELD, live(stamp, "ab"), live(stamp, "b")),
                new Tie(FIELD, live(stamp, 1), live(stamp, 12)),
                new Tie(FIELD, live(stamp, "a"), live(stamp, "é")),
                new Tie(FIELD, live(stamp, "\uFFFD"), live(stamp, "\uD83D\uDE00")),
                new Tie(ELEMENT, Cell.live(stamp), Cell.removed(stamp)),
                new Tie(ELEMENT, Cell.removed(stamp), Cell.live(stamp(2))),
                new Tie(BASE, new Cell(stamp, true, Value.of(1)), new Cell(stamp, true, Value.of(2))));
    }

    private static Cell live(Stamp stamp, Object value) {
        return Cell.live(stamp, Value.of(value));
    }

    @Test
    @DisplayName("S-3: the order and the number of joins do not matter")
    void theOrderOfJoinsDoesNotMatter() {
        Random random = new Random(1);
        List<DocumentCells> history = history(random, 60);
        Map<DocumentId, DocumentState> expected = joined(history);
        for (String name : List.of("forwards", "shuffled", "repeated")) {
            SpaceId space = SpaceId.of(name);
            if (name.equals("repeated")) {
                history.addAll(history.subList(0, 20));
            }

            history.forEach(delta -> store.join(space, batch(delta)));

            assertThat(store.read(space, expected.keySet())).as(name).isEqualTo(expected);
            Collections.shuffle(history, random);
        }
    }

    @Test
    @DisplayName("S-3: concurrent writers end at the join of all that they wrote")
    void concurrentWritersEndAtTheJoin() throws Exception {
        List<DocumentCells> history = history(new Random(2), 120);

        Threads.run(4, writer -> {
            for (int i = 0; i < history.size(); i++) {
                if (i % 4 == writer || i % 7 == writer) {
                    store.join(SPACE, batch(history.get(i)));
                }
            }
        });

        Map<DocumentId, DocumentState> expected = joined(history);
        assertThat(store.read(SPACE, expected.keySet())).isEqualTo(expected);
        assertThat(Copy.scanned(store, SPACE, 50).documents()).isEqualTo(expected);
    }

    /** Deltas that collide in few documents, paths and stamps. */
    private static List<DocumentCells> history(Random random, int size) {
        List<DocumentCells> history = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            DocumentState cells = DocumentState.empty();
            for (int n = random.nextInt(4) + 1; n > 0; n--) {
                Stamp stamp = stamp(random.nextInt(5), new ReplicaId(random.nextInt(3) - 1L));
                switch (random.nextInt(4)) {
                    case 0 -> cells.join(FIELD, live(stamp, "value" + random.nextInt(3)));
                    case 1 -> cells.join(FIELD, Cell.removed(stamp));
                    case 2 -> cells.join(ELEMENT, new Cell(stamp, random.nextBoolean(), null));
                    default -> cells.join(BASE, new Cell(stamp, true, Value.of(random.nextInt(20))));
                }
            }
            history.add(new DocumentCells(document("document" + random.nextInt(5)), cells));
        }
        return history;
    }

    private static Map<DocumentId, DocumentState> joined(List<DocumentCells> history) {
        Map<DocumentId, DocumentState> joined = new HashMap<>();
        history.forEach(delta ->
                joined.computeIfAbsent(delta.id(), id -> DocumentState.empty()).join(delta.cells()));
        return joined;
    }
}
