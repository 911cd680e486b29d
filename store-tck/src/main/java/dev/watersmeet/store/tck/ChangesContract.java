package dev.watersmeet.store.tck;

import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.large;
import static dev.watersmeet.store.tck.Samples.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Following the changes: S-6 and S-7. */
abstract class ChangesContract extends Contract {
    private static final DocumentId LEFT = document("left");
    private static final DocumentId RIGHT = document("right");

    ChangesContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-6: where nothing was written there are no changes")
    void nothingWrittenIsNoChanges() {
        Cursor head = store.head(SPACE);
        Changes none = store.changes(SPACE, head, 10);
        assertThat(none.documents()).isEmpty();
        assertThat(none.more()).isFalse();

        store.join(OTHER, batch(edit("one", 1)));

        assertThat(store.changes(SPACE, none.cursor(), 10).documents()).isEmpty();
    }

    @Test
    @DisplayName("S-6: the pages from any cursor lead to the same state")
    void thePagesLeadToTheState() {
        List<Cursor> cursors = new ArrayList<>(List.of(store.head(SPACE)));
        for (int i = 1; i <= 30; i++) {
            cursors.add(store.join(SPACE, batch(edit("document" + i % 7, i), edit("own" + i, i))));
        }

        Map<DocumentId, DocumentState> all = Copy.scanned(store, SPACE, 100).documents();
        for (int limit : List.of(1, 7, 1000)) {
            assertThat(Copy.after(store, SPACE, cursors.get(0), limit).follow().documents())
                    .as("from the beginning, by %d cells", limit)
                    .isEqualTo(all);
        }
        for (int i = 0; i < cursors.size(); i++) {
            Set<DocumentId> later = new HashSet<>();
            for (int n = i + 1; n <= 30; n++) {
                later.add(document("own" + n));
                later.add(document("document" + n % 7));
            }
            assertThat(Copy.after(store, SPACE, cursors.get(i), 5)
                            .follow()
                            .documents()
                            .keySet())
                    .as("after batch %d", i)
                    .containsAll(later);
        }
        assertThat(Copy.after(store, SPACE, cursors.get(30), 5).follow().documents())
                .isEmpty();
    }

    @Test
    @DisplayName("S-6: a page's documents are each named once, with the greatest of their cells")
    void aPageNamesADocumentOnce() {
        Cursor start = store.head(SPACE);
        for (int i = 1; i <= 5; i++) {
            store.join(SPACE, batch(edit("one", i), edit("two", i)));
        }

        Changes page = store.changes(SPACE, start, 1000);

        assertThat(page.documents()).extracting(DocumentCells::id).doesNotHaveDuplicates();
        assertThat(Copy.after(store, SPACE, start, 1000).follow().documents())
                .isEqualTo(Map.of(
                        document("one"), edit("one", 5).cells(),
                        document("two"), edit("two", 5).cells()));
    }

    @Test
    @DisplayName("S-6: a batch that commits late is not passed by")
    void aBatchThatCommitsLateIsNotPassedBy() throws Exception {
        Queue<DocumentId> acknowledged = new ConcurrentLinkedQueue<>();
        Copy bySmallPages = Copy.after(store, SPACE, store.head(SPACE), 1);
        Copy byLargePages = Copy.after(store, SPACE, store.head(SPACE), 1000);

        Threads.run(
                4,
                writer -> {
                    for (int i = 0; i < 60; i++) {
                        DocumentCells delta = edit(writer + "-" + i, i);
                        store.join(SPACE, batch(delta));
                        acknowledged.add(delta.id());
                    }
                },
                () -> omitsNothing(bySmallPages, acknowledged),
                () -> omitsNothing(byLargePages, acknowledged));

        Map<DocumentId, DocumentState> all = Copy.scanned(store, SPACE, 1000).documents();
        assertThat(all).hasSize(240);
        assertThat(bySmallPages.documents()).isEqualTo(all);
        assertThat(byLargePages.documents()).isEqualTo(all);
    }

    private static void omitsNothing(Copy reader, Queue<DocumentId> acknowledged) {
        Set<DocumentId> expected = new HashSet<>(acknowledged);
        expected.removeAll(reader.follow().documents().keySet());
        assertThat(expected)
                .as("written before the reader asked, and passed by its cursor %s", reader.cursor())
                .isEmpty();
    }

    @Test
    @DisplayName("S-7: a page holds whole batches, at least one, however small the limit")
    void aBatchIsNotSplit() {
        Cursor cursor = store.head(SPACE);
        for (int i = 0; i < 5; i++) {
            List<DocumentCells> documents = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                documents.add(edit("batch" + i + "-" + n, n));
            }
            store.join(SPACE, Batch.of(documents));
        }

        boolean more = true;
        for (int pages = 0; more && pages < 10; pages++) {
            Changes page = store.changes(SPACE, cursor, 1);
            Map<String, Integer> parts = new HashMap<>();
            page.documents().forEach(delta -> parts.merge(delta.id().id().text().substring(0, 7), 1, Integer::sum));
            assertThat(parts).isNotEmpty();
            assertThat(parts.values()).as("parts of a batch on page %d", pages).allMatch(count -> count == 20);
            cursor = page.cursor();
            more = page.more();
        }
        assertThat(more).as("more after ten pages of five batches").isFalse();
    }

    @Test
    @DisplayName("S-7: a page that is read while a batch is written holds all of it or nothing")
    void aBatchIsNotSplitWhileItIsWritten() throws Exception {
        Cursor[] cursor = {store.head(SPACE)};

        Threads.run(
                2,
                writer -> {
                    for (int i = 0; i < 50; i++) {
                        String field = writer + "-" + i;
                        store.join(SPACE, batch(edit(LEFT, field, i, i), edit(RIGHT, field, i, i)));
                    }
                },
                () -> {
                    Changes page = store.changes(SPACE, cursor[0], 10);
                    cursor[0] = page.cursor();
                    assertThat(fields(page, LEFT)).isEqualTo(fields(page, RIGHT));
                });
    }

    @Test
    @DisplayName("S-7: who has followed to the end holds a state that existed, whatever is overwritten meanwhile")
    void pagesAreNotTorn() throws Exception {
        Copy reader = Copy.after(store, SPACE, store.head(SPACE), 1000);

        Threads.run(
                1,
                writer -> {
                    for (int n = 1; n <= 200; n++) {
                        DocumentCells left = edit(LEFT, "field", n, n);
                        store.join(SPACE, n % 2 == 0 ? batch(left) : batch(left, edit(RIGHT, "field", n, n)));
                    }
                },
                () -> {
                    reader.follow();
                    int left = written(reader, LEFT);
                    assertThat(written(reader, RIGHT))
                            .as("right, where left is %d: of two batches each writes both, or left alone", left)
                            .isBetween(left - 1, left);
                });
    }

    private static int written(Copy reader, DocumentId id) {
        DocumentState state = reader.documents().get(id);
        @Nullable Cell cell = state == null ? null : state.get(Path.register("field"));
        return cell == null ? 0 : (int) (cell.stamp().time() - stamp(0).time());
    }

    private static Set<String> fields(Changes page, DocumentId id) {
        Set<String> fields = new HashSet<>();
        for (DocumentCells delta : page.documents()) {
            if (delta.id().equals(id)) {
                delta.cells().cells().keySet().stream()
                        .filter(path -> !path.hasReplica())
                        .map(Path::field)
                        .forEach(fields::add);
            }
        }
        return fields;
    }

    @Test
    @DisplayName("S-7: a page holds about as many cells as the limit says")
    void pagesKeepToTheLimit() {
        Cursor start = store.head(SPACE);
        for (int i = 0; i < 100; i++) {
            store.join(SPACE, batch(edit("document" + i, i)));
        }

        Changes page = store.changes(SPACE, start, 20);

        assertThat(page.more()).isTrue();
        assertThat(page.documents().stream()
                        .mapToInt(delta -> delta.cells().size())
                        .sum())
                .isBetween(1, 40);
    }

    @Test
    @DisplayName("S-7: pages of large values are bounded in bytes, and omit nothing")
    void pagesOfLargeValuesAreBounded() {
        Cursor cursor = store.head(SPACE);
        Set<DocumentId> written = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            DocumentCells one = large("one" + i, 1);
            DocumentCells two = large("two" + i, 1);
            store.join(SPACE, batch(one, two));
            written.addAll(List.of(one.id(), two.id()));
        }

        Set<DocumentId> found = new HashSet<>();
        boolean more = true;
        while (more) {
            Changes page = store.changes(SPACE, cursor, 5000);
            assertThat(page.documents()).isNotEmpty();
            assertThat(bytes(page)).isLessThan(2 * Store.PAGE_BYTES);
            page.documents().forEach(delta -> found.add(delta.id()));
            cursor = page.cursor();
            more = page.more();
        }
        assertThat(found).isEqualTo(written);
    }

    private static long bytes(Changes page) {
        return page.documents().stream().mapToLong(PageBudget::bytes).sum();
    }

    @Test
    @DisplayName("S-7: a batch above the bound of a page is not split, and holds none of the others up")
    void aBatchAboveTheBoundIsNotSplit() {
        Assumptions.assumeTrue(
                store.capabilities().limits().batchBytes() > 2 * Store.PAGE_BYTES, "no batch is above the bound");
        Cursor start = store.head(SPACE);
        store.join(SPACE, batch(edit("before", 1)));
        store.join(SPACE, batch(large("left", 15), large("right", 15)));
        store.join(SPACE, batch(edit("after", 1)));

        Cursor cursor = start;
        boolean more = true;
        while (more) {
            Changes page = store.changes(SPACE, cursor, 5000);
            assertThat(fields(page, LEFT)).isEqualTo(fields(page, RIGHT));
            cursor = page.cursor();
            more = page.more();
        }
        assertThat(Copy.after(store, SPACE, start, 5000).follow().documents())
                .isEqualTo(Copy.scanned(store, SPACE, 5000).documents())
                .hasSize(4);
    }
}
