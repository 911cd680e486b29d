package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.TOO_LARGE;
import static dev.watersmeet.store.tck.Samples.REPLICA;
import static dev.watersmeet.store.tck.Samples.document;
import static dev.watersmeet.store.tck.Samples.edit;
import static dev.watersmeet.store.tck.Samples.mark;
import static dev.watersmeet.store.tck.Samples.stamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is too large: S-15. */
abstract class LimitContract extends Contract {
    private Limits limits;

    LimitContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void readLimits() {
        limits = store.capabilities().limits();
    }

    @Test
    @DisplayName("S-15: the largest cell is kept")
    void theLargestCellIsKept() {
        DocumentCells largest = ofOneCell(Math.min(limits.cellBytes(), longestValue()));

        store.join(SPACE, Batch.of(List.of(largest)));

        assertThat(store.read(SPACE, List.of(largest.id()))).isEqualTo(Map.of(largest.id(), largest.cells()));
    }

    @Test
    @DisplayName("S-15: a cell above the limit is refused, with its document's name")
    void aCellAboveTheLimitIsRefused() {
        Assumptions.assumeTrue(limits.cellBytes() < longestValue(), "no cell is above the limit");

        assertDocumentRefused(ofOneCell(limits.cellBytes() + 1));
    }

    @Test
    @DisplayName("S-15: a document above the limit is refused, with its name")
    void aDocumentAboveTheLimitIsRefused() {
        assertDocumentRefused(ofBytes("large", limits.documentBytes() + 1));
    }

    @Test
    @DisplayName("S-15: a batch above the limit is refused, though none of its documents is")
    void aBatchAboveTheLimitIsRefused() {
        List<DocumentCells> documents = new ArrayList<>();
        long each = limits.documentBytes() / 2;
        for (long bytes = 0; bytes <= limits.batchBytes(); bytes += each) {
            documents.add(ofBytes("document" + documents.size(), each));
        }

        assertThat(refusal(documents).documents()).isEmpty();
    }

    @Test
    @DisplayName("S-15: a batch of too many cells is refused")
    void aBatchOfTooManyCellsIsRefused() {
        List<DocumentCells> documents = new ArrayList<>();
        for (int cells = 0; cells <= limits.batchCells(); cells += 2) {
            documents.add(edit("d" + cells, 1));
        }

        refusal(documents);
    }

    @Test
    @DisplayName("S-15: the longest mark is kept, with a batch as large as can be")
    void theLongestMarkIsKept() {
        Mark longest = ofBytes(limits.markBytes());
        List<DocumentCells> documents = new ArrayList<>();
        DocumentCells part = ofBytes("part0", limits.documentBytes() / 4);
        for (long bytes = PageBudget.bytes(part); bytes <= limits.batchBytes() - 100; ) {
            documents.add(part);
            part = ofBytes("part" + documents.size(), limits.documentBytes() / 4);
            bytes += PageBudget.bytes(part) + 100;
        }

        store.join(SPACE, Batch.of(documents, longest));

        assertThat(store.mark(SPACE, REPLICA)).contains(longest);
        assertThat(store.read(SPACE, List.of(documents.get(0).id()))).hasSize(1);
    }

    @Test
    @DisplayName("S-15: a mark above the limit is refused, and changes nothing")
    void aMarkAboveTheLimitIsRefused() {
        Mark longer = ofBytes(limits.markBytes() + 1);

        assertRefused(
                TOO_LARGE,
                "a mark above the bound",
                () -> store.join(SPACE, Batch.of(List.of(edit("small", 1)), longer)));

        assertThat(store.mark(SPACE, REPLICA)).isEmpty();
        assertThat(store.read(SPACE, List.of(document("small")))).isEmpty();
    }

    /** A mark of so many bytes, with the longest names. */
    private static Mark ofBytes(long bytes) {
        String principal = "é".repeat(Mark.MAX_PRINCIPAL_LENGTH);
        String nonce = "n".repeat(Mark.MAX_NONCE_LENGTH);
        long rest = bytes - new Mark(REPLICA, principal, 1, nonce, "").bytes();
        return new Mark(REPLICA, principal, 1, nonce, "é".repeat((int) rest / 2) + "x".repeat((int) rest % 2));
    }

    private void assertDocumentRefused(DocumentCells large) {
        assertThat(refusal(List.of(edit("small", 1), large)).documents()).containsExactly(large.id());

        DocumentCells small = edit("small", 1);
        store.join(SPACE, Batch.of(List.of(small)));
        assertThat(store.read(SPACE, List.of(small.id()))).containsEntry(small.id(), small.cells());
    }

    /** The refusal of a batch, which has left no trace. */
    private StoreException refusal(List<DocumentCells> documents) {
        Cursor start = store.head(SPACE);

        StoreException refusal = catchThrowableOfType(
                StoreException.class, () -> store.join(SPACE, Batch.of(documents, mark(REPLICA, 1))));

        assertThat(refusal).as("refused").isNotNull();
        assertThat(refusal.kind()).isEqualTo(TOO_LARGE);
        assertThat(store.read(SPACE, documents.stream().map(DocumentCells::id).toList()))
                .isEmpty();
        assertThat(store.mark(SPACE, REPLICA)).isEmpty();
        assertThat(Copy.after(store, SPACE, start, 100).follow().documents()).isEmpty();
        return refusal;
    }

    /** A document of one cell of so many bytes, besides its name. */
    private static DocumentCells ofOneCell(long bytes) {
        DocumentId id = document("one cell");
        Path path = Path.register("field");
        long rest = bytes - (size(id, path, "") - name(id));
        return new DocumentCells(
                id, DocumentState.of(Map.of(path, Cell.live(stamp(1), Value.of("x".repeat((int) rest))))));
    }

    private static long longestValue() {
        DocumentId id = document("one cell");
        return size(id, Path.register("field"), "") - name(id) + Value.MAX_BYTES - 2;
    }

    private static long size(DocumentId id, Path path, String value) {
        return PageBudget.bytes(
                new DocumentCells(id, DocumentState.of(Map.of(path, Cell.live(stamp(1), Value.of(value))))));
    }

    private static long name(DocumentId id) {
        return PageBudget.bytes(new DocumentCells(id, DocumentState.empty()));
    }

    /** A document of about so many bytes, at least as many, in cells that are each below the limit. */
    private DocumentCells ofBytes(String name, long bytes) {
        DocumentId id = document(name);
        int value = (int) Math.min(Samples.LARGE_BYTES, limits.cellBytes() / 2);
        DocumentState cells = DocumentState.empty();
        for (long found = 0; found < bytes; found += value) {
            int length = (int) Math.min(value, bytes - found);
            cells.join(Path.register("field" + cells.size()), Cell.live(stamp(1), Value.of("x".repeat(length))));
        }
        return new DocumentCells(id, cells);
    }
}
