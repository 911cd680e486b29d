package dev.watersmeet.format;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Reads the documents of a batch (M-28 to M-34).
 *
 * <p>What is wrong with the columns is wrong with the whole batch; what is wrong with a path, a value or a cell spoils the one document that has it, as in JSON (P-7). Nothing is allocated for numbers
 * that are only announced: every document and every cell has bytes of its own.
 */
final class BatchReader {
    /** The bit of a document's flags that says that existences are not left out (M-33). */
    static final int BARE = 1;

    /** The bit of a document's flags that says that it is a re-upload (P-9). */
    static final int WHOLE = 2;

    /** The bit of a document's flags that says that its cells are all that there is for the reader (P-22). */
    static final int COMPLETE = 4;

    private final BatchDictionaries dictionaries;
    private final BatchCells cells;
    private final RunReader flags;
    private final RunReader collections;
    private final ColumnReader idLengths;
    private final ColumnReader ids;
    private final ColumnReader counts;
    private final byte[] bytes;
    /** The documents that are marked as complete, which only those of pages are (P-22). */
    private final Set<DocumentId> complete = new HashSet<>();

    private int documents;

    private BatchReader(byte[] bytes, Map<BatchColumn, ColumnReader> columns) {
        this.bytes = bytes;
        dictionaries = new BatchDictionaries(columns);
        flags = new RunReader(BatchColumn.DOCUMENT_FLAGS.of(columns));
        collections = new RunReader(BatchColumn.DOCUMENT_COLLECTIONS.of(columns));
        idLengths = BatchColumn.DOCUMENT_ID_LENGTHS.of(columns);
        ids = BatchColumn.DOCUMENT_IDS.of(columns);
        counts = BatchColumn.DOCUMENT_CELLS.of(columns);
        cells = new BatchCells(bytes, columns, dictionaries);
    }

    private static BatchReader of(byte[] bytes, ColumnReader input) {
        Map<BatchColumn, ColumnReader> columns = new EnumMap<>(BatchColumn.class);
        for (BatchColumn column : BatchColumn.values()) {
            columns.put(column, input.part("batch's column of " + column.text()));
        }
        input.end();
        BatchReader reader = new BatchReader(bytes, columns);
        if (reader.atEnd()) {
            throw reader.idLengths.malformed("a batch has documents");
        }
        return reader;
    }

    /** The documents of a page. */
    static PageDocuments page(byte[] bytes, ColumnReader input) {
        BatchReader reader = of(bytes, input);
        List<DocumentCells> documents = new ArrayList<>();
        while (!reader.atEnd()) {
            PushedDocument document = reader.document(Integer.MAX_VALUE, count -> {});
            if (document instanceof PushedDocument.Readable readable) {
                documents.add(readable.document());
            } else {
                throw ProblemException.of(ProblemCode.MALFORMED, ((PushedDocument.Unreadable) document).detail());
            }
        }
        reader.end();
        return new PageDocuments(documents, reader.complete);
    }

    /** The documents of a push. */
    static List<PushedDocument> push(byte[] bytes, ColumnReader input) {
        BatchReader reader = of(bytes, input);
        PushLimits limits = new PushLimits();
        List<PushedDocument> documents = new ArrayList<>();
        while (!reader.atEnd()) {
            limits.nextDocument();
            PushedDocument document = reader.document(FormatLimits.MAX_DOCUMENT_CELLS, limits::cells);
            limits.name(document.id());
            documents.add(document);
        }
        reader.end();
        return documents;
    }

    private boolean atEnd() {
        return idLengths.atEnd();
    }

    private void end() {
        flags.end();
        collections.end();
        ids.end();
        counts.end();
        cells.end();
        dictionaries.end();
    }

    private PushedDocument document(int maxCells, LongConsumer budget) {
        int flag = flags.next(BARE | WHOLE | COMPLETE);
        DocumentId id = new DocumentId(dictionaries.collection(collections), id());
        long count = counts.integer();
        budget.accept(count);
        String place = "/documents/" + documents++;
        DocumentState state = cells.document(count, maxCells, (flag & BARE) != 0, place);
        Fault fault = cells.fault();
        if ((flag & COMPLETE) != 0) {
            complete.add(id);
        }
        return fault == null
                ? new PushedDocument.Readable(new DocumentCells(id, state), (flag & WHOLE) != 0)
                : new PushedDocument.Unreadable(id, fault.code(), fault.detail());
    }

    private Value id() {
        long length = idLengths.integer();
        if (length == 0 || length > DocumentId.MAX_ID_BYTES) {
            throw idLengths.malformed("an id has 1 to " + DocumentId.MAX_ID_BYTES + " bytes, not " + length);
        }
        return CanonicalText.value(bytes, ids.skip(length), (int) length, ids);
    }
}
