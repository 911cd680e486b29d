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
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a batch may not make a reader do: batches that no writer writes. Their cells are removed, so that they have no values and imply nothing. */
class BatchBoundsTest {
    private static final ReplicaId WRITER = new ReplicaId(1);
    private static final Stamp STAMP = Stamp.of(1, 0, WRITER);
    private static final String PATH = "[\"r\",\"f\"]";
    private static final SyncRequest REQUEST = new SyncRequest(
            WRITER, "c", false, new Push(1, "0024H36H2NCSVRH6DAQF6DVVQZ", null, Collections.emptyList()));

    private final BatchColumns columns = new BatchColumns();
    private final BatchDictionary<ReplicaId> replicas = new BatchDictionary<>();
    private final BatchDictionary<String> paths = new BatchDictionary<>();

    @BeforeEach
    void setUp() {
        replicas.add(WRITER);
        replicas.ordered();
    }

    private void document(String id, int... steps) {
        columns.document(0, 0, Value.of(id).text(), steps.length);
        for (int step : steps) {
            columns.cell(
                    new BatchRow(new BatchRow.Place(paths.add(PATH), null), Cell.removed(STAMP), replicas.add(WRITER)),
                    step);
        }
    }

    private List<PushedDocument> read() {
        Push push = MergeFormat.readSyncRequest(message(), BATCH).push();
        assertThat(push).isNotNull();
        return push.documents();
    }

    private String refusal() {
        Problem problem = catchThrowableOfType(
                        ProblemException.class, () -> MergeFormat.readSyncRequest(message(), BATCH))
                .problem();
        assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED);
        return problem.detail();
    }

    private byte[] message() {
        ColumnWriter out = new ColumnWriter();
        for (byte b : MergeFormat.writeSyncRequest(REQUEST, BATCH)) { // without documents there is no batch
            out.octet(b);
        }
        columns.writeTo(out);
        return out.toBytes();
    }

    @Test
    void aPathThatIsLongerThanAnySpoilsTheDocumentsThatNameIt() {
        columns.collection("todos");
        columns.replica(WRITER);
        columns.path("[\"n\",\"f\"," + "1,".repeat(Path.MAX_BYTES / 2) + "1]");
        columns.path(PATH);
        document("1", 0);
        document("2", 0);
        document("3", 1);
        List<PushedDocument> documents = read();
        for (int i = 0; i < 2; i++) {
            String place = "at /documents/" + i + "/cells/0: ";
            assertThat(documents.get(i))
                    .isInstanceOfSatisfying(PushedDocument.Unreadable.class, refused -> assertThat(refused.detail())
                            .isEqualTo(place + "a path has at most 4096 bytes of canonical text, not 4107"));
        }
        assertThat(documents.get(2)).isInstanceOf(PushedDocument.Readable.class);
    }

    @Test
    void theLongestPathIsRead() {
        List<String> way =
                List.of("a".repeat(1000), "b".repeat(1000), "c".repeat(1000), "d".repeat(1000), "e".repeat(72));
        Path longest = Path.leaf("f", way);
        assertThat(longest.text()).hasSize(Path.MAX_BYTES);
        DocumentState state = DocumentState.empty();
        state.join(longest, Cell.live(STAMP, Value.NULL));
        Page page = new Page(List.of(new DocumentCells(DocumentId.of("todos", "1"), state)), "", false);
        assertThat(MergeFormat.readPage(MergeFormat.writePage(page, BATCH), BATCH))
                .isEqualTo(page);
    }

    @Test
    void morePathsThanCellsCanNameAreRefused() {
        columns.collection("todos");
        columns.replica(WRITER);
        for (String field : new String[] {"a", "b", "c"}) {
            columns.path("[\"r\",\"" + field + "\"]");
        }
        document("1", 0, 1);
        assertThat(refusal())
                .contains("the batch's column of paths")
                .contains("it has 3 entries, of which at most 2 can be used");
    }

    @Test
    void moreReplicasThanCellsCanNameAreRefused() {
        columns.collection("todos");
        columns.path(PATH);
        for (int i = 1; i <= 3; i++) {
            columns.replica(new ReplicaId(i));
        }
        document("1", 0);
        assertThat(refusal())
                .contains("the batch's column of replicas")
                .contains("it has 3 entries, of which at most 2 can be used");
    }

    @Test
    void moreCollectionsThanDocumentsAreRefused() {
        columns.collection("notes");
        columns.collection("todos");
        document("1");
        assertThat(refusal())
                .contains("the batch's column of collections")
                .contains("it has 2 entries, of which at most 1 can be used");
    }

    @Test
    void aCollectionIsRefusedByItsLength() {
        columns.collection("c".repeat(3 * DocumentId.MAX_COLLECTION_LENGTH + 1));
        document("1");
        assertThat(refusal())
                .contains("the batch's column of collections, at byte 2: a text has at most 384 bytes, not 385");
    }

    @Test
    void anIdIsRefusedByItsLength() {
        columns.collection("todos");
        document("1".repeat(DocumentId.MAX_ID_BYTES));
        assertThat(refusal()).contains("an id has 1 to 1024 bytes, not 1026");
    }

    @Test
    void aValueThatIsTooLongSpoilsItsDocument() {
        columns.collection("todos");
        columns.replica(WRITER);
        columns.path(PATH);
        columns.document(0, 0, "1", 1);
        BatchRow.Place place = new BatchRow.Place(paths.add(PATH), null);
        columns.cell(new BatchRow(place, Cell.live(STAMP, Value.of("longest")), replicas.add(WRITER)), 0);
        document("2", 0);
        // The text of the value is longer than a value can be, so it is put into its columns here.
        byte[] message = longer(message(), Value.MAX_BYTES + 1);
        Push push = MergeFormat.readSyncRequest(message, BATCH).push();
        assertThat(push).isNotNull();
        assertThat(push.documents().get(0))
                .isInstanceOfSatisfying(PushedDocument.Unreadable.class, refused -> assertThat(refused.detail())
                        .isEqualTo("at /documents/0/cells/0: a value has at most 1048576 bytes, not 1048577"));
        assertThat(push.documents().get(1)).isInstanceOf(PushedDocument.Readable.class);
    }

    /** The message with another length of its only value, which the two last columns are of. */
    private static byte[] longer(byte[] message, int length) {
        int before = message.length
                - "\"longest\"".length()
                - 3; // three lengths: of a column, of the value, of the last column
        ColumnWriter out = new ColumnWriter();
        for (int i = 0; i < before; i++) {
            out.octet(message[i]);
        }
        ColumnWriter lengths = new ColumnWriter();
        lengths.integer(length);
        out.part(lengths);
        out.part(new byte[length]);
        return out.toBytes();
    }
}
