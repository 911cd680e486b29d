package dev.watersmeet.store.tck;

import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.deletion;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.mark;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Cursor;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is there again after a restart: S-1, S-5, S-9. Skipped for a store that does not claim to be durable. */
abstract class DurabilityContract extends Contract {
    private static final int RESTARTS = 40;
    /** Numbers grow, if slowly. */
    private static final int MORE_DIGITS = 16;

    DurabilityContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void onlyWhereDurable() {
        assumeHas(Capability.DURABLE);
    }

    @Test
    @DisplayName("S-1: cells, marks and metadata survive a restart")
    void everythingSurvives() {
        store.join(SPACE, Batch.of(List.of(edit("one", 1), edit("two", 1)), mark(REPLICA, 1)));
        store.join(SPACE, Batch.of(List.of(edit("one", 2)), mark(REPLICA, 2)));
        assertThat(store.metadata(SPACE).compareAndSet("key", null, "value")).isTrue();

        reopen();

        assertThat(store.read(SPACE, List.of(document("one"), document("two"))))
                .isEqualTo(Map.of(
                        document("one"), edit("one", 2).cells(),
                        document("two"), edit("two", 1).cells()));
        assertThat(store.mark(SPACE, REPLICA)).contains(mark(REPLICA, 2));
        assertThat(store.metadata(SPACE).get("key")).contains("value");
        assertThat(store.metadata(SPACE).compareAndSet("key", null, "other")).isFalse();
        assertThat(store.count(SPACE)).isPositive();
    }

    @Test
    @DisplayName("S-3: merging goes on after a restart where it was")
    void mergingGoesOn() {
        store.join(SPACE, batch(edit("one", 2)));
        reopen();

        store.join(SPACE, batch(edit("one", 1)));
        assertThat(store.read(SPACE, List.of(document("one"))))
                .containsEntry(document("one"), edit("one", 2).cells());
        reopen();
        store.join(SPACE, batch(edit("one", 3)));

        assertThat(store.read(SPACE, List.of(document("one"))))
                .containsEntry(document("one"), edit("one", 3).cells());
    }

    @Test
    @DisplayName("S-9: cursors survive restarts, also of a space that holds nothing yet")
    void cursorsSurvive() {
        Cursor empty = store.head(SPACE);
        reopen();
        assertThat(store.changes(SPACE, empty, 10).documents()).isEmpty();
        Cursor first = store.join(SPACE, batch(edit("one", 1)));
        reopen();
        store.join(SPACE, batch(edit("two", 1)));
        reopen();

        assertThat(Copy.after(store, SPACE, empty, 1).follow().documents())
                .containsOnlyKeys(document("one"), document("two"));
        assertThat(Copy.after(store, SPACE, first, 1).follow().documents()).containsOnlyKeys(document("two"));
        assertThat(store.changes(SPACE, store.head(SPACE), 10).documents()).isEmpty();
    }

    @Test
    @DisplayName("S-9: cursors stay within their bound over many restarts")
    void cursorsStayWithinTheirBound() {
        Cursor start = store.head(SPACE);
        Cursor last = start;
        for (int i = 0; i < RESTARTS; i++) {
            last = store.join(SPACE, batch(edit("document" + i, i)));
            reopen();
        }

        assertThat(last.text().length()).isLessThanOrEqualTo(Cursor.MAX_LENGTH);
        assertThat(store.changes(SPACE, last, 10).documents()).isEmpty();
        assertThat(Copy.after(store, SPACE, start, 5).follow().documents()).hasSize(RESTARTS);
    }

    @Test
    @DisplayName("S-9: cursors do not grow with the number of restarts, where purges let old logs retire")
    void cursorsDoNotGrow() throws InterruptedException {
        assumeHas(Capability.PURGE);
        int[] longest = new int[2];
        for (int i = 0; i < RESTARTS; i++) {
            store.join(SPACE, batch(edit("document", i), deletion(document("dead" + i), 1)));
            store.maintenance().purge(SPACE, fixture.instant());
            reopen();
            int half = 2 * i / RESTARTS;
            longest[half] = Math.max(longest[half], store.head(SPACE).text().length());
        }

        assertThat(longest[1])
                .as("the longest cursor of the second half of restarts")
                .isLessThanOrEqualTo(longest[0] + MORE_DIGITS);
    }

    @Test
    @DisplayName("S-6: changes omit nothing over restarts")
    void changesOmitNothingOverRestarts() {
        Cursor start = store.head(SPACE);
        Copy reader = Copy.after(store, SPACE, start, 3);
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 10; i++) {
                store.join(SPACE, batch(edit(round + "-" + i, i)));
            }
            reader.follow();
            reopen();
            reader = Copy.after(store, SPACE, reader.cursor(), 3);
            assertThat(reader.follow().documents()).isEmpty();
        }

        Map<DocumentId, DocumentState> all = Copy.scanned(store, SPACE, 100).documents();
        assertThat(all).hasSize(40);
        assertThat(Copy.after(store, SPACE, start, 3).follow().documents()).isEqualTo(all);
    }
}
