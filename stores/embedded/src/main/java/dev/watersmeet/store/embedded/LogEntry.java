package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An entry of the log: the form's number, the time, and cells: the number of documents, and for each its name, the number of its cells, their paths and their bytes. They are those of a batch, or those that a purge has
 * dropped.
 */
final class LogEntry {
    private static final byte BATCH = 1;
    private static final byte PURGE = 2;
    private static final int HEAD = 1 + Long.BYTES;

    /** Takes the cells of an entry, one by one. */
    @FunctionalInterface
    interface CellVisitor {
        /**
         * Takes a cell.
         *
         * @param bytes that path and cell take in the entry
         */
        void visit(DocumentId id, Path path, Cell cell, int bytes);
    }

    private LogEntry() {}

    /** A batch's entry, whose time is still to be set. */
    static byte[] ofBatch(List<DocumentCells> documents) {
        return of(BATCH, documents);
    }

    /** The entry of a purge, whose time is still to be set. */
    static byte[] ofPurge(List<DocumentCells> dropped) {
        return of(PURGE, dropped);
    }

    private static byte[] of(byte form, List<DocumentCells> documents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(HEAD).put(form).array());
        Bytes.putNumber(out, documents.size());
        for (DocumentCells delta : documents) {
            Bytes.put(out, delta.id().collection().getBytes(UTF_8));
            Bytes.put(out, delta.id().id().text().getBytes(UTF_8));
            Bytes.putNumber(out, delta.cells().size());
            delta.cells().forEach((path, cell) -> {
                Bytes.put(out, path.text().getBytes(UTF_8));
                Bytes.put(out, CellBytes.of(cell));
            });
        }
        return out.toByteArray();
    }

    static void setTime(byte[] entry, long millis) {
        ByteBuffer.wrap(entry).putLong(1, millis);
    }

    /** When the entry was recorded, in Unix milliseconds. */
    static long time(byte[] entry) {
        return ByteBuffer.wrap(entry).getLong(1);
    }

    static boolean isPurge(byte[] entry) {
        if (entry[0] != BATCH && entry[0] != PURGE) {
            throw MalformedException.of("an entry of a log has form 1 or 2, not " + entry[0]);
        }
        return entry[0] == PURGE;
    }

    /** Hands out an entry's cells. */
    static void forEach(byte[] entry, CellVisitor visitor) {
        ByteBuffer in = ByteBuffer.wrap(entry).position(HEAD);
        for (long documents = Bytes.number(in); documents > 0; documents--) {
            DocumentId id = new DocumentId(Bytes.text(in), Value.ofCanonical(Bytes.text(in)));
            for (long rest = Bytes.number(in); rest > 0; rest--) {
                int start = in.position();
                Path path = Path.parse(Bytes.text(in));
                Cell cell = CellBytes.parse(Bytes.bytes(in));
                visitor.visit(id, path, cell, in.position() - start);
            }
        }
    }
}
