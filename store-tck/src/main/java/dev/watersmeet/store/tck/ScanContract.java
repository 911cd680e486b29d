package dev.watersmeet.store.tck;

import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.batch;
import static dev.watersmeet.store.tck.Samples.cell;
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
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Scanning and counting: S-10 and S-11. */
abstract class ScanContract extends Contract {
    ScanContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-11: a space without documents has one empty page")
    void anEmptySpaceIsEmpty() {
        store.join(OTHER, batch(edit("one", 1)));

        assertThat(store.scan(SPACE, null, 10)).isEqualTo(new Scan(List.of(), null));
        assertThat(store.count(SPACE)).isZero();
    }

    @Test
    @DisplayName("S-11: every document is on exactly one page, whatever the limit")
    void everyDocumentIsOnOnePage() {
        Set<DocumentId> written = write("document", 50);
        store.join(SPACE, batch(edit("document3", 100)));

        for (int limit : List.of(1, 7, 10_000)) {
            assertThat(ids(scan(null, limit))).as("limit %d", limit).containsExactlyInAnyOrderElementsOf(written);
        }
    }

    @Test
    @DisplayName("S-11: a page holds about as many cells as the limit says, and at least one document")
    void pagesKeepToTheLimit() {
        write("document", 50);

        Scan page = store.scan(SPACE, null, 20);

        assertThat(page.position()).isNotNull();
        assertThat(page.documents().stream()
                        .mapToInt(delta -> delta.cells().size())
                        .sum())
                .isBetween(1, 40);
    }

    @Test
    @DisplayName("S-11: pages of large values are bounded in bytes, and every document is on exactly one")
    void pagesOfLargeValuesAreBounded() {
        Set<DocumentId> written = new TreeSet<>();
        for (int i = 0; i < 60; i++) {
            DocumentCells document = large("document" + i, 1);
            store.join(SPACE, batch(document));
            written.add(document.id());
        }

        List<DocumentId> found = new ArrayList<>();
        Cursor position = null;
        do {
            Scan page = store.scan(SPACE, position, 5000);
            assertThat(page.documents()).isNotEmpty();
            assertThat(bytes(page)).isLessThan(2 * Store.PAGE_BYTES);
            found.addAll(ids(page.documents()));
            position = page.position();
        } while (position != null);
        assertThat(found).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    @DisplayName("S-11: a document above the bound of a page is not split, and hides none of the others")
    void aDocumentAboveTheBoundIsNotSplit() {
        Assumptions.assumeTrue(
                store.capabilities().limits().documentBytes() > 2 * Store.PAGE_BYTES, "no document is above the bound");
        DocumentCells large = large("large", 30);
        store.join(SPACE, batch(edit("a", 1), large, edit("z", 1)));

        assertThat(scan(null, 5000)).contains(large).hasSize(3);
    }

    private static long bytes(Scan page) {
        return page.documents().stream().mapToLong(PageBudget::bytes).sum();
    }

    @Test
    @DisplayName("S-11: dead documents are found, with all their cells")
    void deadDocumentsAreFound() {
        DocumentCells dead = edit("dead", 1);
        store.join(SPACE, batch(dead));
        store.join(SPACE, batch(cell(dead.id(), Path.deletion(REPLICA), Cell.removed(stamp(1)))));

        DocumentState expected = dead.cells().copy();
        expected.join(Path.deletion(REPLICA), Cell.removed(stamp(1)));
        assertThat(scan(null, 10)).containsExactly(new DocumentCells(dead.id(), expected));
    }

    @Test
    @DisplayName("S-11: a document is not split")
    void aDocumentIsNotSplit() {
        DocumentState cells = DocumentState.empty();
        for (int i = 0; i < 2000; i++) {
            cells.join(Path.element("tags", Value.of(i), REPLICA), Cell.live(stamp(i)));
        }
        store.join(SPACE, batch(edit("a", 1), new DocumentCells(document("large"), cells), edit("z", 1)));

        assertThat(scan(null, 100))
                .contains(new DocumentCells(document("large"), cells))
                .hasSize(3);
    }

    @Test
    @DisplayName("S-11: a scan resumes from any of its positions, as often as one likes")
    void aScanResumesAnywhere() {
        Set<DocumentId> written = write("document", 30);
        List<DocumentId> before = new ArrayList<>();
        Cursor position = null;
        do {
            assertThat(rest(before, position)).containsExactlyInAnyOrderElementsOf(written);
            Scan page = store.scan(SPACE, position, 6);
            before.addAll(ids(page.documents()));
            position = page.position();
        } while (position != null);
    }

    @Test
    @DisplayName("S-11: a scan resumes after a restart")
    void aScanResumesAfterARestart() {
        Set<DocumentId> written = write("document", 30);
        Scan first = store.scan(SPACE, null, 20);
        assertThat(first.position()).isNotNull();

        reopen();

        assertThat(rest(ids(first.documents()), first.position())).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    @DisplayName("S-11: documents that are written between two pages do not hide or repeat others")
    void writingBetweenPagesHidesNothing() {
        Set<DocumentId> written = write("document", 40);
        List<DocumentId> seen = new ArrayList<>();
        Cursor position = null;
        int n = 0;
        do {
            Scan page = store.scan(SPACE, position, 6);
            seen.addAll(ids(page.documents()));
            position = page.position();
            n++;
            store.join(SPACE, batch(edit("!" + n, n), edit("document1" + n + "x", n), edit("~" + n, n)));
        } while (position != null && n < 500);

        seen.retainAll(written);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    @DisplayName("S-11: a scan under concurrent writers finds each document that they leave alone once")
    void scanningWhileWritingHidesNothing() throws Exception {
        Set<DocumentId> written = write("document", 60);

        Threads.run(
                2,
                writer -> {
                    for (int i = 0; i < 60; i++) {
                        store.join(SPACE, batch(edit("document" + i + "-" + writer, i), edit("!" + i, i)));
                    }
                },
                () -> {
                    List<DocumentId> seen = ids(scan(null, 10));
                    seen.retainAll(written);
                    assertThat(seen).containsExactlyInAnyOrderElementsOf(written);
                });
    }

    @Test
    @DisplayName("S-10: head, then scan, then changes miss nothing that is written meanwhile")
    void headThenScanThenChangesMissNothing() throws Exception {
        Path field = Path.register("field");
        Map<DocumentId, Stamp> acknowledged = new ConcurrentHashMap<>();

        Threads.run(
                3,
                writer -> {
                    for (int i = 1; i <= 80; i++) {
                        DocumentCells delta = edit(writer + "-" + i % 30, i);
                        store.join(SPACE, batch(delta));
                        acknowledged.put(delta.id(), stamp(i));
                    }
                },
                () -> {
                    Copy copy = Copy.scanned(store, SPACE, 8);
                    Map<DocumentId, Stamp> expected = new HashMap<>(acknowledged);
                    copy.follow();
                    expected.forEach((id, stamp) -> assertThat(copy.reaches(id, field, stamp))
                            .as("%s at %s", id, stamp)
                            .isTrue());
                });
    }

    @Test
    @DisplayName("S-11: the count tells about how many documents a scan finds")
    void theCountIsAboutRight() {
        write("document", 80);
        for (int i = 0; i < 40; i++) {
            store.join(SPACE, batch(edit("document0", 100 + i)));
        }

        assertThat(store.count(SPACE)).isBetween(60L, 100L);
    }

    private Set<DocumentId> write(String prefix, int number) {
        List<DocumentCells> documents =
                IntStream.range(0, number).mapToObj(i -> edit(prefix + i, i)).toList();
        store.join(SPACE, Batch.of(documents));
        return documents.stream().map(DocumentCells::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private List<DocumentCells> scan(@Nullable Cursor from, int limit) {
        List<DocumentCells> found = new ArrayList<>();
        Cursor position = from;
        do {
            Scan page = store.scan(SPACE, position, limit);
            found.addAll(page.documents());
            position = page.position();
        } while (position != null);
        return found;
    }

    private List<DocumentId> rest(List<DocumentId> before, @Nullable Cursor position) {
        List<DocumentId> all = new ArrayList<>(before);
        all.addAll(ids(scan(position, 4)));
        return all;
    }

    private static List<DocumentId> ids(List<DocumentCells> documents) {
        return documents.stream().map(DocumentCells::id).collect(Collectors.toCollection(ArrayList::new));
    }
}
