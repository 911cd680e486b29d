package dev.watersmeet.store.tck;

import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.cell;
import static dev.watersmeet.store.tck.Samples.deletion;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.joined;
import static dev.watersmeet.store.tck.Samples.mark;
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
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Scan;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a purge drops, and what it leaves: S-18. Skipped for a store that does not purge. */
abstract class PurgeContract extends Contract {
    private static final DocumentId LIVING = document("living");
    private static final Path FIELD = Path.register("field");

    PurgeContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void onlyWhereClaimed() {
        assumeHas(Capability.PURGE);
    }

    private Purged purge() throws InterruptedException {
        return store.maintenance().purge(SPACE, fixture.instant());
    }

    /** Joins a document, and then its deletion. */
    private DocumentCells dead(String id) {
        DocumentCells edit = edit(id, 1);
        DocumentCells deletion = deletion(edit.id(), 1);
        store.join(SPACE, batch(edit));
        store.join(SPACE, batch(deletion));
        return joined(edit, deletion);
    }

    private void assertGone(DocumentId id) {
        assertThat(store.read(SPACE, List.of(id))).isEmpty();
        assertThat(Copy.scanned(store, SPACE, 100).documents()).doesNotContainKey(id);
    }

    @Test
    @DisplayName("S-18: dead documents go, and removals of living ones; what says how the rest is read stays")
    void removalsAndDeadDocumentsGo() throws InterruptedException {
        ReplicaId other = new ReplicaId(8);
        Map<Path, Cell> stays = Map.of(
                Path.existence(REPLICA),
                Cell.live(stamp(9)),
                Path.existence(other),
                Cell.live(stamp(2, other)),
                Path.deletion(other),
                Cell.removed(stamp(2, other)),
                FIELD,
                Cell.live(stamp(9), Value.of("value")),
                Path.element("tags", Value.of("kept"), REPLICA),
                Cell.live(stamp(9)),
                Path.counter("count", stamp(1)),
                Cell.live(stamp(9), Value.of(5)),
                Path.counterBase("count", stamp(1)),
                new Cell(stamp(3), true, Value.of(2)),
                Path.leaf("map", List.of("a", "b")),
                Cell.live(stamp(9), Value.of(1)));
        Map<Path, Cell> goes = Map.of(
                Path.ROOT,
                Cell.removed(stamp(1)),
                Path.register("gone"),
                Cell.removed(stamp(4)),
                Path.element("tags", Value.of("gone"), REPLICA),
                Cell.removed(stamp(4)),
                Path.multi("choice", Value.of("gone"), REPLICA),
                Cell.removed(stamp(4)),
                Path.leaf("map", List.of("a")),
                Cell.removed(stamp(4)));
        DocumentState all = DocumentState.of(stays);
        all.join(DocumentState.of(goes));
        store.join(SPACE, batch(new DocumentCells(LIVING, all), edit("untouched", 1)));
        DocumentCells dead = dead("dead");

        Purged purged = purge();

        assertHolds(new DocumentCells(LIVING, DocumentState.of(stays)));
        assertHolds(edit("untouched", 1));
        assertGone(dead.id());
        assertThat(purged).isEqualTo(new Purged(1, goes.size() + dead.cells().size()));
        assertThat(store.count(SPACE)).isEqualTo(2);
    }

    @Test
    @DisplayName("S-18: what goes is told by when it was recorded, never by stamps")
    void stampsDoNotCount() throws InterruptedException {
        Stamp future = Stamp.of(4_000_000_000_000L, 0, REPLICA);
        DocumentCells soon = new DocumentCells(
                document("soon"), DocumentState.of(Map.of(Path.existence(REPLICA), Cell.live(future))));
        store.join(SPACE, batch(soon));
        store.join(SPACE, batch(cell(soon.id(), Path.deletion(REPLICA), Cell.removed(future))));
        store.join(SPACE, batch(edit(LIVING, "field", 1, "value")));
        Instant horizon = fixture.instant();
        Cell ancient = Cell.removed(Stamp.of(1, 0, REPLICA));
        store.join(SPACE, batch(cell(LIVING, Path.register("gone"), ancient)));
        DocumentCells lately = dead("lately");

        assertThat(store.maintenance().purge(SPACE, horizon)).isEqualTo(new Purged(1, 2));

        assertGone(soon.id());
        assertHolds(joined(edit(LIVING, "field", 1, "value"), cell(LIVING, Path.register("gone"), ancient)));
        assertHolds(lately);
    }

    @Test
    @DisplayName(
            "S-18: a dead document of which any cell is younger stays as a whole, and so does one that lives again")
    void youngerCellsKeepADocument() throws InterruptedException {
        DocumentCells half = edit("half", 1);
        store.join(SPACE, batch(half));
        DocumentCells late = dead("late");
        DocumentCells again = dead("again");
        Instant horizon = fixture.instant();
        store.join(SPACE, batch(deletion(half.id(), 1)));
        store.join(SPACE, batch(cell(late.id(), Path.register("other"), Cell.removed(stamp(1)))));
        store.join(SPACE, batch(edit("again", 5)));

        assertThat(store.maintenance().purge(SPACE, horizon)).isEqualTo(Purged.NOTHING);

        assertHolds(joined(half, deletion(half.id(), 1)));
        assertHolds(joined(late, cell(late.id(), Path.register("other"), Cell.removed(stamp(1)))));
        assertHolds(joined(again, edit("again", 5)));
    }

    @Test
    @DisplayName("S-18: what was superseded meanwhile stays, and is dropped in its turn")
    void purgesFollowEachOther() throws InterruptedException {
        store.join(SPACE, batch(edit(LIVING, "field", 1, "value")));
        store.join(SPACE, batch(cell(LIVING, FIELD, Cell.removed(stamp(2)))));
        Instant first = fixture.instant();
        store.join(SPACE, batch(cell(LIVING, FIELD, Cell.removed(stamp(3)))));
        DocumentCells existence = cell(LIVING, Path.existence(REPLICA), Cell.live(stamp(1)));

        assertThat(store.maintenance().purge(SPACE, first)).isEqualTo(Purged.NOTHING);
        assertHolds(joined(existence, cell(LIVING, FIELD, Cell.removed(stamp(3)))));
        assertThat(purge()).isEqualTo(new Purged(0, 1));
        assertHolds(existence);
        assertThat(purge()).isEqualTo(Purged.NOTHING);
        store.join(SPACE, batch(cell(LIVING, FIELD, Cell.live(stamp(1), Value.of("again")))));
        assertHolds(joined(existence, cell(LIVING, FIELD, Cell.live(stamp(1), Value.of("again")))));
    }

    @Test
    @DisplayName("S-18: marks and metadata stay, whatever of the log is trimmed")
    void marksAndMetadataStay() throws InterruptedException {
        for (int n = 1; n <= 3; n++) {
            ReplicaId replica = new ReplicaId(n);
            store.join(SPACE, Batch.of(List.of(), mark(replica, n)));
            assertThat(store.metadata(SPACE).compareAndSet("key" + n, null, "value" + n))
                    .isTrue();
            dead("dead" + n);
            purge();
        }
        if (has(Capability.DURABLE)) {
            reopen();
            purge();
        }

        for (int n = 1; n <= 3; n++) {
            assertThat(store.mark(SPACE, new ReplicaId(n))).contains(mark(new ReplicaId(n), n));
            assertThat(store.metadata(SPACE).get("key" + n)).contains("value" + n);
        }
    }

    @Test
    @DisplayName("S-18: a purge is of one space")
    void otherSpacesStay() throws InterruptedException {
        DocumentCells dead = dead("dead");
        store.join(OTHER, batch(dead));

        purge();

        assertGone(dead.id());
        assertThat(store.read(OTHER, List.of(dead.id()))).containsEntry(dead.id(), dead.cells());
    }

    @Test
    @DisplayName("S-18: a scan goes on over a purge, and finds once what stays")
    void aScanGoesOn() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            store.join(SPACE, batch(edit("living" + i, i)));
            dead("dead" + i);
        }
        Map<DocumentId, Integer> found = new HashMap<>();
        Scan page = store.scan(SPACE, null, 12);
        page.documents().forEach(document -> found.merge(document.id(), 1, Integer::sum));

        purge();

        while (page.position() != null) {
            page = store.scan(SPACE, page.position(), 12);
            page.documents().forEach(document -> found.merge(document.id(), 1, Integer::sum));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(found).containsEntry(document("living" + i), 1);
        }
    }

    @Test
    @DisplayName("S-18: what is written while a purge runs does not go with it")
    void nothingWrittenMeanwhileGoes() throws Exception {
        Threads.run(
                3,
                writer -> {
                    for (int i = 0; i < 25; i++) {
                        dead(writer + "-" + i);
                        store.join(SPACE, batch(edit(writer + "-" + i, 5)));
                    }
                },
                this::purge);

        Map<DocumentId, DocumentState> all = Copy.scanned(store, SPACE, 100).documents();
        for (int writer = 0; writer < 3; writer++) {
            for (int i = 0; i < 25; i++) {
                DocumentId id = document(writer + "-" + i);
                DocumentState state = Objects.requireNonNull(all.get(id), () -> id + " was written after it died");
                assertThat(state.alive()).as("%s lives", id).isTrue();
                assertThat(Objects.requireNonNull(state.get(FIELD)).stamp()).isEqualTo(stamp(5));
            }
        }
    }

    @Test
    @DisplayName("S-18: what was purged is still gone after a restart")
    void aPurgeSurvives() throws InterruptedException {
        Cursor start = store.head(SPACE);
        DocumentCells dead = dead("dead");
        store.join(SPACE, batch(edit("living", 1)));
        purge();

        reopen();

        assertGone(dead.id());
        assertHolds(edit("living", 1));
        assertThat(store.check(SPACE, start)).isNotEqualTo(CursorState.CURRENT);
        assertThat(purge()).isEqualTo(Purged.NOTHING);
    }
}
