package dev.watersmeet.format;

import static dev.watersmeet.format.MessageForm.BATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a reader of the binary form does beyond what its vectors say: verdicts on single documents, limits, shared objects. */
class BatchReadingTest {
    private static final ReplicaId WRITER = new ReplicaId(1);
    private static final Stamp STAMP = Stamp.of(1, 0, WRITER);
    private static final String NONCE = "0024H36H2NCSVRH6DAQF6DVVQZ";

    private static DocumentCells document(String id, Consumer<DocumentState> cells) {
        DocumentState state = DocumentState.empty();
        cells.accept(state);
        return new DocumentCells(DocumentId.of("todos", id), state);
    }

    private static DocumentCells registers(String id, int from, int to) {
        return document(id, state -> {
            for (int i = from; i < to; i++) {
                state.join(Path.register("f" + i), Cell.live(STAMP, Value.NULL));
            }
        });
    }

    private static byte[] push(DocumentCells... documents) {
        List<PushedDocument> pushed = new ArrayList<>();
        for (DocumentCells document : documents) {
            pushed.add(new PushedDocument.Readable(document, false));
        }
        return MergeFormat.writeSyncRequest(
                new SyncRequest(WRITER, "c", false, new Push(1, NONCE, null, pushed)), BATCH);
    }

    /** Puts another text of the same length in the place of one that occurs once. */
    private static byte[] replaced(byte[] message, String text, String other) {
        String bytes = new String(message, StandardCharsets.ISO_8859_1);
        assertThat(bytes).containsOnlyOnce(text);
        assertThat(other).hasSameSizeAs(text);
        return bytes.replace(text, other).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<PushedDocument> documents(byte[] message) {
        Push push = MergeFormat.readSyncRequest(message, BATCH).push();
        assertThat(push).isNotNull();
        return push.documents();
    }

    private static Problem refusal(byte[] message) {
        return catchThrowableOfType(ProblemException.class, () -> MergeFormat.readSyncRequest(message, BATCH))
                .problem();
    }

    private static void assertSecondIsRefused(byte[] message, String detail) {
        List<PushedDocument> documents = documents(message);
        assertThat(documents).hasSize(3);
        assertThat(documents.get(0)).isInstanceOf(PushedDocument.Readable.class);
        assertThat(documents.get(1)).isInstanceOfSatisfying(PushedDocument.Unreadable.class, refused -> {
            assertThat(refused.id()).isEqualTo(DocumentId.of("todos", "2"));
            assertThat(refused.code()).isEqualTo(RejectionCode.MALFORMED);
            assertThat(refused.detail()).startsWith("at /documents/1/cells/0: ").contains(detail);
        });
        assertThat(documents.get(2)).isInstanceOf(PushedDocument.Readable.class);
    }

    private static byte[] three(String field, String value) {
        return push(
                registers("1", 0, 2),
                document("2", state -> state.join(Path.register(field), Cell.live(STAMP, Value.of(value)))),
                registers("3", 1, 3));
    }

    @Nested
    class APush {
        @Test
        void refusesADocumentByItselfWhoseValueIsNotCanonical() {
            assertSecondIsRefused(replaced(three("f", "abcdef"), "abcdef", "\\u0041"), "canonical");
        }

        @Test
        void refusesADocumentByItselfWhosePathIsNone() {
            assertSecondIsRefused(replaced(three("abc", "x"), "\"abc\"", "\"a\",1"), "M-10");
        }

        @Test
        void refusesADocumentByItselfWhoseCellIsNotOfItsKind() {
            byte[] message = push(
                    registers("1", 0, 2),
                    document("2", state -> state.join(Path.counter("n", STAMP), Cell.live(STAMP, Value.of(123456)))),
                    registers("3", 1, 3));
            assertSecondIsRefused(replaced(message, "123456", "\"1234\""), "kind c");
        }

        @Test
        @Tag("P-15")
        void refusesADocumentByItselfThatHasTooManyCells() {
            List<PushedDocument> documents =
                    documents(push(registers("1", 0, FormatLimits.MAX_DOCUMENT_CELLS + 1), registers("2", 0, 1)));
            assertThat(documents.get(0))
                    .isInstanceOfSatisfying(PushedDocument.Unreadable.class, refused -> assertThat(refused.code())
                            .isEqualTo(RejectionCode.TOO_LARGE));
            assertThat(documents.get(1)).isInstanceOf(PushedDocument.Readable.class);
        }

        @Test
        void countsExistencesThatAreLeftOut() {
            DocumentCells full = registers("1", 0, FormatLimits.MAX_DOCUMENT_CELLS);
            assertThat(documents(push(full)).get(0)).isInstanceOf(PushedDocument.Readable.class);
            full.cells().join(Path.existence(WRITER), Cell.live(STAMP));
            assertThat(documents(push(full)).get(0))
                    .isInstanceOfSatisfying(PushedDocument.Unreadable.class, refused -> assertThat(refused.code())
                            .isEqualTo(RejectionCode.TOO_LARGE));
        }

        @Test
        @Tag("P-15")
        void isTooLargeWithTooManyDocuments() {
            DocumentCells[] documents = new DocumentCells[FormatLimits.MAX_PUSH_DOCUMENTS + 1];
            for (int i = 0; i < documents.length; i++) {
                documents[i] = registers(Integer.toString(i), 0, 1);
            }
            assertThat(refusal(push(documents)).code()).isEqualTo(ProblemCode.TOO_LARGE);
        }

        @Test
        @Tag("P-15")
        void isTooLargeWithTooManyCells() {
            int most = FormatLimits.MAX_DOCUMENT_CELLS;
            byte[] message = push(registers("1", 0, most), registers("2", 0, most), registers("3", 0, 1));
            assertThat(refusal(message).code()).isEqualTo(ProblemCode.TOO_LARGE);
        }

        @Test
        void hasEachDocumentOnce() {
            Problem refusal = refusal(push(registers("1", 0, 1), registers("1", 1, 2)));
            assertThat(refusal.code()).isEqualTo(ProblemCode.MALFORMED);
            assertThat(refusal.detail()).startsWith("at /push: ").contains("once");
        }
    }

    @Nested
    class AMessage {
        @Test
        void saysInWhichColumnSomethingIsWrong() {
            byte[] message = push(registers("1", 0, 1));
            message[message.length - 2 - "null".length()] =
                    5; // the length of the only value, before the column of its text
            assertThat(refusal(message).detail()).contains("the batch's column of values");
        }

        @Test
        void hasNoBatchWithoutAPush() {
            byte[] empty = MergeFormat.writeSyncRequest(new SyncRequest(WRITER, null, true, null), BATCH);
            byte[] more = java.util.Arrays.copyOf(empty, empty.length + 1);
            assertThat(refusal(more).detail()).contains("left over");
        }

        @Test
        void ofAnotherVersionIsUnsupported() {
            byte[] message = push(registers("1", 0, 1));
            message[0] = 2;
            assertThat(refusal(message).code()).isEqualTo(ProblemCode.PROTOCOL_UNSUPPORTED);
        }

        @Test
        void whoseEnvelopeIsOfAnotherVersionIsUnsupported() {
            byte[] message = replaced(push(registers("1", 0, 1)), "\"protocol\":1", "\"protocol\":2");
            assertThat(refusal(message).code()).isEqualTo(ProblemCode.PROTOCOL_UNSUPPORTED);
        }
    }

    @Test
    void documentsShareTheObjectsOfTheirPaths() {
        byte[] page =
                MergeFormat.writePage(new Page(List.of(registers("1", 0, 1), registers("2", 0, 1)), "", false), BATCH);
        List<Path> paths = new ArrayList<>();
        MergeFormat.readPage(page, BATCH).documents().forEach(document -> document.cells()
                .forEach((path, cell) -> paths.add(path)));
        assertThat(paths.get(0)).isSameAs(paths.get(1));
    }
}
