package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.encoding.NeighbourPaths;
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
    private static final int INITIAL_BYTES = 1 << 10;

    /** Takes the cells of an entry, one by one, those of a document together. */
    @FunctionalInterface
    interface CellVisitor {
        /**
         * Takes a cell.
         *
         * @param id the same object for all cells of a document
         * @param bytes that path and cell take in the entry
         */
        void visit(DocumentId id, Path path, Cell cell, int bytes);
    }

    private LogEntry() {}

    /** Puts an entry together, whose time is still to be set: for each document its name, and then its cells. */
    static final class Builder {
        private final ByteArrayOutputStream out;

        private Builder(byte form, int documents) {
            out = new ByteArrayOutputStream(INITIAL_BYTES);
            out.writeBytes(ByteBuffer.allocate(HEAD).put(form).array());
            Bytes.putNumber(out, documents);
        }

        void document(DocumentId id, int cells) {
            Bytes.put(out, id.collection().getBytes(UTF_8));
            Bytes.put(out, id.id().text().getBytes(UTF_8));
            Bytes.putNumber(out, cells);
        }

        void cell(byte[] path, byte[] cell) {
            Bytes.put(out, path);
            Bytes.put(out, cell);
        }

        byte[] entry() {
            return out.toByteArray();
        }
    }

    /** The beginning of a batch's entry. */
    static Builder batch(int documents) {
        return new Builder(BATCH, documents);
    }

    /** The entry of a purge, whose time is still to be set. */
    static byte[] ofPurge(List<DocumentCells> dropped) {
        Builder entry = new Builder(PURGE, dropped.size());
        for (DocumentCells document : dropped) {
            entry.document(document.id(), document.cells().size());
            document.cells().forEach((path, cell) -> entry.cell(path.utf8(), CellBytes.of(cell)));
        }
        return entry.entry();
    }

    static void setTime(byte[] entry, long millis) {
        ByteBuffer.wrap(entry).putLong(1, millis);
    }

    /** When the entry was recorded, in Unix milliseconds. */
    static long time(byte[] entry) {
        requireHead(entry);
        return ByteBuffer.wrap(entry).getLong(1);
    }

    private static void requireHead(byte[] entry) {
        if (entry.length < HEAD) {
            throw MalformedException.of("an entry of a log has at least " + HEAD + " bytes, not " + entry.length);
        }
    }

    static boolean isPurge(byte[] entry) {
        requireHead(entry);
        if (entry[0] != BATCH && entry[0] != PURGE) {
            throw MalformedException.of("an entry of a log has form 1 or 2, not " + entry[0]);
        }
        return entry[0] == PURGE;
    }

    /** Hands out an entry's cells. */
    static void forEach(byte[] entry, CellVisitor visitor) {
        requireHead(entry);
        ByteBuffer in = ByteBuffer.wrap(entry).position(HEAD);
        NeighbourPaths paths = new NeighbourPaths();
        for (long documents = Bytes.number(in); documents > 0; documents--) {
            DocumentId id = new DocumentId(Bytes.text(in), Value.ofCanonical(Bytes.text(in)));
            long cells = Bytes.number(in);
            for (int place = 0; place < cells; place++) {
                int start = in.position();
                int length = Bytes.skip(in);
                Path path = paths.path(place, entry, in.position() - length, in.position());
                Cell cell = CellBytes.parse(Bytes.bytes(in));
                visitor.visit(id, path, cell, in.position() - start);
            }
        }
    }
}
