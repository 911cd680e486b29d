package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Something that changes what is kept of a space. In whatever order changes are applied, and how often, the same is kept. */
sealed interface Change {
    /** The version of their stored form. */
    int FORM = 1;

    /** The numbers that stand for their kinds. */
    int JOINED = 1;

    int DROPPED = 2;
    int RAISED = 3;
    int TRIMMED = 4;
    int OVER = 5;

    /** What stands before the documents of a change takes less. */
    int HEAD_BYTES = 16;

    /** Cells are joined. */
    record Joined(long generation, List<DocumentCells> documents) implements Change {
        public Joined {
            documents = List.copyOf(documents);
        }
    }

    /** The cells of documents go that are or will be written under a generation or an earlier one. */
    record Dropped(long generation, List<DocumentId> documents) implements Change {
        public Dropped {
            documents = List.copyOf(documents);
        }
    }

    /** A log is complete up to a sequence. */
    record Raised(long generation, long log, long sequence) implements Change {}

    /** The tips of a generation go, which nobody reads any more: what counts of it has been written, all of it. */
    record Trimmed(long generation) implements Change {}

    /** What is written from now on under generations up to one is there already, or never counts. */
    record Over(long generation) implements Change {}

    /** A number that nobody draws twice. */
    static long random() {
        return Randomness.SOURCE.nextLong();
    }

    /** Where random numbers come from. */
    final class Randomness {
        private static final SecureRandom SOURCE = new SecureRandom();

        private Randomness() {}
    }

    /** Its stored form. */
    default byte[] toBytes() {
        Encoder out = Encoder.part();
        write(out);
        return out.toBytes();
    }

    /**
     * The stored form of {@link Joined}.
     *
     * @param storedDocuments of the documents, by {@link Encoder#documents}
     */
    static byte[] joined(long generation, ByteBuffer storedDocuments) {
        return Encoder.part(HEAD_BYTES + storedDocuments.remaining())
                .number(JOINED)
                .fixed(generation)
                .part(storedDocuments)
                .toBytes();
    }

    /** The parts of the stored form of changes, from the stored forms of each. */
    static List<byte[]> parts(List<byte[]> changes) {
        List<byte[]> parts = new ArrayList<>(changes.size() + 1);
        parts.add(Encoder.form(FORM).number(changes.size()).toBytes());
        parts.addAll(changes);
        return parts;
    }

    /**
     * Reads what {@link #parts} has put together.
     *
     * @param file where it is
     * @throws Frame.DamagedFile if this version of the store does not know it
     */
    static List<Change> parse(byte[] bytes, Path file) throws Frame.DamagedFile {
        try {
            Decoder in = Decoder.form(FORM, bytes);
            List<Change> changes = new ArrayList<>();
            for (int rest = in.count(); rest > 0; rest--) {
                changes.add(read(in));
            }
            return changes;
        } catch (MalformedException | BufferUnderflowException e) {
            throw Frame.DamagedFile.unknown(file, e);
        }
    }

    private void write(Encoder out) {
        if (this instanceof Joined joined) {
            out.number(JOINED).fixed(joined.generation).documents(joined.documents);
        } else if (this instanceof Dropped dropped) {
            out.number(DROPPED).fixed(dropped.generation).number(dropped.documents.size());
            dropped.documents.forEach(out::documentId);
        } else if (this instanceof Raised raised) {
            out.number(RAISED).fixed(raised.generation).fixed(raised.log).fixed(raised.sequence);
        } else if (this instanceof Trimmed trimmed) {
            out.number(TRIMMED).fixed(trimmed.generation);
        } else if (this instanceof Over over) {
            out.number(OVER).fixed(over.generation);
        }
    }

    private static Change read(Decoder in) {
        int code = (int) in.number();
        long generation = in.fixed();
        return switch (code) {
            case JOINED -> new Joined(generation, in.documents());
            case DROPPED -> new Dropped(generation, ids(in));
            case RAISED -> new Raised(generation, in.fixed(), in.fixed());
            case TRIMMED -> new Trimmed(generation);
            case OVER -> new Over(generation);
            default -> throw MalformedException.of("a stored change is of kind 1 to " + OVER + ", not " + code);
        };
    }

    private static List<DocumentId> ids(Decoder in) {
        List<DocumentId> ids = new ArrayList<>();
        for (int rest = in.count(); rest > 0; rest--) {
            ids.add(in.documentId());
        }
        return ids;
    }
}
