package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a log: a batch.
 *
 * @param recorded when it was recorded, in Unix milliseconds: within a log it never runs backwards
 * @param depends the point that the batch's writer had read up to, and where the replica's own batches are: a reader takes those entries first
 * @param documents the batch's cells
 * @param mark the batch's mark; an entry with one counts only if the replica's record was moved to it
 * @param base the version of the replica's record that it is to be moved from; 0 for none, as there is where there is no mark
 */
record Entry(long recorded, VersionVector depends, List<DocumentCells> documents, @Nullable Mark mark, long base) {
    private static final int FORM = 1;

    Entry {
        documents = List.copyOf(documents);
    }

    Entry recordedAt(long millis) {
        return new Entry(millis, depends, documents, mark, base);
    }

    /** Puts the time into the bytes of an entry, where it stands behind the form; answers these. */
    static byte[] recordedAt(long millis, byte[] bytes) {
        ByteBuffer.wrap(bytes).putLong(1, millis);
        return bytes;
    }

    /** The stored form of an entry, which ends with that of its documents. */
    static final class Stored {
        private final byte[] bytes;
        private final int head;

        private Stored(byte[] bytes, int head) {
            this.bytes = bytes;
            this.head = head;
        }

        byte[] bytes() {
            return bytes;
        }

        /** The documents, by {@link Encoder#documents}. */
        ByteBuffer documents() {
            return ByteBuffer.wrap(bytes, head, bytes.length - head).slice().asReadOnlyBuffer();
        }
    }

    /** Its stored form. */
    Stored stored() {
        Encoder out = Encoder.form(FORM).fixed(recorded);
        depends.write(out);
        out.flag(mark != null);
        if (mark != null) {
            out.fixed(base);
            writeMark(out, mark);
        }
        int head = out.length();
        return new Stored(out.documents(documents).toBytes(), head);
    }

    static Entry parse(byte[] bytes) {
        Decoder in = Decoder.form(FORM, bytes);
        long recorded = in.fixed();
        VersionVector depends = VersionVector.read(in);
        boolean marked = in.flag();
        long base = marked ? in.fixed() : 0;
        Mark mark = marked ? readMark(in) : null;
        return new Entry(recorded, depends, in.documents(), mark, base);
    }

    static void writeMark(Encoder out, Mark mark) {
        out.fixed(mark.replica().bits())
                .text(mark.principal())
                .number(mark.number())
                .text(mark.nonce())
                .text(mark.outcome());
    }

    static Mark readMark(Decoder in) {
        return new Mark(new ReplicaId(in.fixed()), in.text(), in.number(), in.text(), in.text());
    }
}
