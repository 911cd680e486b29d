package dev.watersmeet.store.tck;

import static dev.watersmeet.store.CursorState.BEFORE_PURGE;
import static dev.watersmeet.store.CursorState.CURRENT;
import static dev.watersmeet.store.CursorState.EXPIRED;
import static dev.watersmeet.store.StoreException.Kind.CURSOR_EXPIRED;
import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.deletion;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.joined;
import static dev.watersmeet.store.tck.Samples.mark;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How readers and writers get over a purge: S-19 and S-20. Skipped for a store that does not purge. */
abstract class FenceContract extends Contract {
    private static final Path FIELD = Path.register("field");
    private static final Path REVIVED = Path.register("revived");
    private static final int ROUNDS = 8;
    private static final int DEAD_DOCUMENTS = 15;

    FenceContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void onlyWhereClaimed() {
        assumeHas(Capability.PURGE);
    }

    private void dead(String id) {
        store.join(SPACE, batch(edit(id, 1)));
        store.join(SPACE, batch(deletion(document(id), 1)));
    }

    private Purged purge() throws InterruptedException {
        return store.maintenance().purge(SPACE, fixture.instant());
    }

    @Test
    @DisplayName("S-19: who follows the changes over a purge ends with what a scan finds")
    void readersEndWithTheScan() throws InterruptedException {
        List<Cursor> before = new ArrayList<>(List.of(store.head(SPACE)));
        for (int i = 0; i < 5; i++) {
            dead("dead" + i);
            store.join(SPACE, batch(edit("living" + i, i)));
            before.add(store.head(SPACE));
        }
        Copy early = Copy.scanned(store, SPACE, 10);
        Instant horizon = fixture.instant();
        store.join(SPACE, batch(edit("after", 1)));
        Copy late = Copy.scanned(store, SPACE, 10);

        store.maintenance().purge(SPACE, horizon);
        store.join(SPACE, batch(edit("later", 1)));

        Map<DocumentId, DocumentState> all = Copy.scanned(store, SPACE, 100).documents();
        assertThat(all).hasSize(7);
        assertThat(late.follow().documents()).isEqualTo(all);
        for (Cursor cursor : before) {
            if (store.check(SPACE, cursor) == EXPIRED) {
                assertExpired(SPACE, cursor);
            } else {
                Map<DocumentId, DocumentState> read =
                        Copy.after(store, SPACE, cursor, 3).follow().documents();
                assertThat(all).as("after %s", cursor).containsAllEntriesOf(read);
            }
        }
        if (store.check(SPACE, early.cursor()) != EXPIRED) {
            assertThat(early.follow().documents()).isEqualTo(all);
        }
    }

    @Test
    @DisplayName("S-19: the same cells written again after a purge stay with who follows")
    void whatIsWrittenAgainStays() throws InterruptedException {
        dead("again");
        Instant horizon = fixture.instant();
        Copy reader = Copy.scanned(store, SPACE, 10);

        assertThat(store.maintenance().purge(SPACE, horizon)).isEqualTo(new Purged(1, 3));
        store.join(SPACE, batch(edit("again", 1)));

        assertThat(reader.follow().documents())
                .isEqualTo(Map.of(document("again"), edit("again", 1).cells()));
        assertHolds(edit("again", 1));
    }

    @Test
    @DisplayName("S-19: a dead document is dropped as a whole, by one entry")
    void aDocumentIsDroppedAsAWhole() throws InterruptedException {
        DocumentState cells = edit("large", 1).cells().copy();
        for (int i = 0; i < 1000; i++) {
            cells.join(Path.element("tags", Value.of(i), REPLICA), Cell.live(Samples.stamp(1)));
        }
        DocumentCells large = new DocumentCells(document("large"), cells);
        store.join(SPACE, batch(large));
        store.join(SPACE, batch(deletion(large.id(), 1)));
        Instant horizon = fixture.instant();
        Cursor cursor = store.head(SPACE);

        store.maintenance().purge(SPACE, horizon);

        List<DocumentCells> dropped = new ArrayList<>();
        Changes page;
        do {
            page = store.changes(SPACE, cursor, 10);
            assertThat(page.documents()).isEmpty();
            dropped.addAll(page.dropped());
            cursor = page.cursor();
        } while (page.more());
        assertThat(dropped).containsExactly(joined(large, deletion(large.id(), 1)));
    }

    @Test
    @DisplayName("S-19: readers who follow while others write and purge end with what a scan finds")
    void readersFollowMeanwhile() throws Exception {
        Copy[] reader = {Copy.scanned(store, SPACE, 10)};
        Threads.run(
                2,
                writer -> {
                    for (int i = 0; i < 20; i++) {
                        dead(writer + "-" + i);
                        if (i % 3 == 0) {
                            store.join(SPACE, batch(edit(writer + "-" + i, 1)));
                        }
                        if (i % 5 == 0) {
                            purge();
                        }
                    }
                },
                () -> reader[0] = followed(reader[0]));
        purge();

        assertThat(followed(reader[0]).documents())
                .isEqualTo(Copy.scanned(store, SPACE, 10).documents());
    }

    /** A reader who has followed, or begun anew because a purge was faster. */
    private Copy followed(Copy reader) {
        Copy copy = reader;
        while (true) {
            try {
                return copy.follow();
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(CURSOR_EXPIRED);
                copy = Copy.scanned(store, SPACE, 10);
            }
        }
    }

    @Test
    @DisplayName(
            "S-20: a purge moves the fence past the cursors from before, which still are followed if they are young")
    void aPurgeMovesTheFence() throws InterruptedException {
        Cursor beginning = store.head(SPACE);
        dead("dead");
        Cursor old = store.head(SPACE);
        Instant horizon = fixture.instant();
        Cursor written = store.join(SPACE, batch(edit("living", 1)));
        Cursor young = store.head(SPACE);

        assertThat(store.maintenance().purge(SPACE, horizon)).isEqualTo(new Purged(1, 3));

        assertThat(store.check(SPACE, beginning)).isIn(BEFORE_PURGE, EXPIRED);
        assertThat(store.check(SPACE, old)).isIn(BEFORE_PURGE, EXPIRED);
        assertThat(store.check(SPACE, written)).isEqualTo(BEFORE_PURGE);
        assertThat(store.check(SPACE, young)).isEqualTo(BEFORE_PURGE);
        assertThat(store.check(SPACE, store.head(SPACE))).isEqualTo(CURRENT);
        Cursor followed = Copy.after(store, SPACE, young, 10).follow().cursor();
        assertThat(store.check(SPACE, followed)).isEqualTo(CURRENT);
    }

    @Test
    @DisplayName("S-20: a purge that drops nothing leaves young cursors current")
    void aPurgeOfNothingMovesNothing() throws InterruptedException {
        store.join(SPACE, batch(edit("living", 1)));
        Instant horizon = fixture.instant();
        Cursor cursor = store.join(SPACE, batch(edit("later", 1)));

        assertThat(store.maintenance().purge(SPACE, horizon)).isEqualTo(Purged.NOTHING);

        assertThat(store.check(SPACE, cursor)).isEqualTo(CURRENT);
    }

    @Test
    @DisplayName("S-20: a batch whose basis is from before a purge is refused, and leaves no trace")
    void aBatchFromBeforeIsRefused() throws InterruptedException {
        dead("dead");
        Instant horizon = fixture.instant();
        Cursor young = store.join(SPACE, batch(edit("living", 1)));
        Batch revival = Batch.of(List.of(edit("dead", 5)), mark(REPLICA, 1));
        store.maintenance().purge(SPACE, horizon);
        Cursor head = store.head(SPACE);

        assertRefused(CURSOR_EXPIRED, "from before", () -> store.join(SPACE, revival.basedOn(young)));

        assertThat(store.read(SPACE, List.of(document("dead")))).isEmpty();
        assertThat(store.mark(SPACE, REPLICA)).isEmpty();
        assertThat(store.changes(SPACE, head, 10).documents()).isEmpty();
        store.join(SPACE, revival.basedOn(head));
        assertHolds(edit("dead", 5));
        store.join(SPACE, batch(edit("other", 1)));
        assertHolds(edit("other", 1));
    }

    @Test
    @DisplayName("S-20: who revives a document while it is purged revives it whole, or is refused")
    void noFragmentsSlipIn() throws Exception {
        assertNoFragments(store, store);
    }

    @Test
    @DisplayName("S-20: nor does a slow second instance bring a fragment back")
    void noFragmentsSlipInFromElsewhere() throws Exception {
        assumeHas(Capability.SHARED_BY_INSTANCES);
        try (Store second = fixture.open()) {
            assertNoFragments(second, store);
        }
    }

    /** Lets one thread edit dead documents, building on what it reads of them, while another purges. */
    private void assertNoFragments(Store writing, Store purging) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<DocumentCells> edits = new ArrayList<>();
            for (int i = 0; i < DEAD_DOCUMENTS; i++) {
                edits.add(edit("round" + round + "-" + i, 1));
            }
            store.join(SPACE, Batch.of(edits));
            store.join(
                    SPACE,
                    Batch.of(edits.stream().map(edit -> deletion(edit.id(), 1)).toList()));
            Map<DocumentId, DocumentState> seen = new ConcurrentHashMap<>();
            Threads.run(
                    1, writer -> edits.forEach(edit -> revive(writing, edit.id(), seen)), () -> purging.maintenance()
                            .purge(SPACE, fixture.instant()));
            assertWhole(seen);
        }
    }

    private void assertWhole(Map<DocumentId, DocumentState> seen) {
        Map<DocumentId, DocumentState> all = store.read(SPACE, seen.keySet());
        assertThat(all).containsOnlyKeys(seen.keySet());
        seen.forEach((id, read) -> {
            DocumentState state = Objects.requireNonNull(all.get(id));
            assertThat(state.get(REVIVED)).as("the edit of %s", id).isNotNull();
            if (read.get(FIELD) != null) {
                assertThat(state.get(FIELD))
                        .as("what the writer saw of %s, and relied on", id)
                        .isNotNull();
            }
        });
    }

    private static void revive(Store store, DocumentId id, Map<DocumentId, DocumentState> seen) {
        Cursor basis = store.head(SPACE);
        DocumentState read = store.read(SPACE, List.of(id)).getOrDefault(id, DocumentState.empty());
        try {
            store.join(SPACE, batch(edit(id, REVIVED.field(), 5, "again")).basedOn(basis));
            seen.put(id, read);
        } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(CURSOR_EXPIRED);
            assertThat(store.check(SPACE, basis)).isNotEqualTo(CursorState.CURRENT);
        }
    }
}
