package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
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

    /** Takes the cells of an entry, one by one, those of a document together. */
    @FunctionalInterface
    interface CellVisitor {
        /**
         * Takes a cell.
         *
         * @param id the same object for all cells of a document
         * @param bytes of path and cell in the entry
         */
        void visit(DocumentId id, Path path, Cell cell, int bytes);
    }

    private LogEntry() {}

    /** The beginning of a batch's entry, whose time is still to be set: for each document its name, the number of its cells, and for each of these its path and its bytes follow. */
    static Encoder batch(List<DocumentCells> documents) {
        return begin(BATCH, documents);
    }

    private static Encoder begin(byte form, List<DocumentCells> documents) {
        return Encoder.form(form, HEAD + Encoder.room(documents)).fixed(0).number(documents.size());
    }

    /** The entry of a purge, whose time is still to be set. */
    static byte[] ofPurge(List<DocumentCells> dropped) {
        Encoder entry = begin(PURGE, dropped);
        dropped.forEach(entry::document);
        return entry.toBytes();
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
        Decoder in = Decoder.form(entry[0], entry);
        in.fixed(); // the time
        for (int documents = in.count(); documents > 0; documents--) {
            DocumentId id = in.documentId();
            int cells = in.count();
            for (int place = 0; place < cells; place++) {
                Path path = in.path(place);
                byte[] cell = in.bytes();
                visitor.visit(id, path, CellBytes.parse(cell), path.bytes() + cell.length);
            }
        }
    }
}
