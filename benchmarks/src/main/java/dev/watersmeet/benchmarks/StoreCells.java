package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The workload of stores: documents of ten registers, each cell with its path 150 bytes, of which most are letters at random, so that no compression flatters a figure. */
public final class StoreCells {
    static final int CELL_BYTES = 150;
    /** The cells of a batch. */
    public static final int BATCH_CELLS = 500;

    /** The cells of a document. */
    public static final int DOCUMENT_CELLS = Keys.FIELDS;

    private static final long START = 1_700_000_000_000L;
    private static final ReplicaId REPLICA = new ReplicaId(7);

    private StoreCells() {}

    /**
     * An edit of some fields of a document.
     *
     * @param edit makes its stamp: later edits win
     */
    static DocumentCells document(int number, int fields, int edit, Random random) {
        Stamp stamp = Stamp.of(START + edit, 0, REPLICA);
        Map<Path, Cell> cells = new HashMap<>();
        while (cells.size() < fields) {
            int field = fields == Keys.FIELDS ? cells.size() : random.nextInt(Keys.FIELDS);
            Path path = Path.register("f" + field);
            int letters = CELL_BYTES - path.text().length() - CellBytes.HEAD - "\"\"".length();
            cells.put(path, Cell.live(stamp, Value.of(text(letters, random))));
        }
        return new DocumentCells(id(number), DocumentState.of(cells));
    }

    /** The document of a number. */
    public static DocumentId id(int number) {
        return DocumentId.of("todos", "todo" + number);
    }

    private static String text(int letters, Random random) {
        StringBuilder text = new StringBuilder(letters);
        for (int i = 0; i < letters; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    /** Whole documents, one after the other. */
    public static List<DocumentCells> documents(int first, int count, Random random) {
        List<DocumentCells> documents = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            documents.add(document(first + i, Keys.FIELDS, 0, random));
        }
        return documents;
    }

    /** One field each of some of the first so many documents. */
    public static List<DocumentCells> edits(int documents, int count, int edit, Random random) {
        Map<Integer, DocumentCells> edits = new HashMap<>();
        while (edits.size() < count) {
            int number = random.nextInt(documents);
            edits.put(number, document(number, 1, edit, random));
        }
        return List.copyOf(edits.values());
    }
}
