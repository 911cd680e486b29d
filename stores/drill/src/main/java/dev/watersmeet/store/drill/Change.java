package dev.watersmeet.store.drill;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Something that changes what is kept of a space. In whatever order changes are applied, and how often, the same is kept. */
sealed interface Change {
    /** Cells are joined. */
    record Joined(long generation, List<DocumentCells> documents) implements Change {
        /** What most cells take at most. */
        private static final int CELL_BYTES = 192;

        public Joined {
            documents = List.copyOf(documents);
        }

        private int room() {
            int cells =
                    documents.stream().mapToInt(delta -> delta.cells().size()).sum();
            return CELL_BYTES * (cells + 1);
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
        Output out = this instanceof Joined joined ? new Output(joined.room()) : new Output();
        write(out);
        return out.toBytes();
    }

    /** The parts of the stored form of changes, from the stored forms of each. */
    static List<byte[]> parts(List<byte[]> changes) {
        List<byte[]> parts = new ArrayList<>(changes.size() + 1);
        parts.add(new Output().number(changes.size()).toBytes());
        parts.addAll(changes);
        return parts;
    }

    /** Reads what {@link #parts} has put together. */
    static List<Change> parse(byte[] bytes) {
        Input in = new Input(bytes);
        List<Change> changes = new ArrayList<>();
        for (long rest = in.number(); rest > 0; rest--) {
            changes.add(read(in));
        }
        return changes;
    }

    private void write(Output out) {
        if (this instanceof Joined joined) {
            out.code('J').number(joined.generation).number(joined.documents.size());
            joined.documents.forEach(out::document);
        } else if (this instanceof Dropped dropped) {
            out.code('D').number(dropped.generation).number(dropped.documents.size());
            dropped.documents.forEach(out::id);
        } else if (this instanceof Raised raised) {
            out.code('R').number(raised.generation).number(raised.log).number(raised.sequence);
        } else if (this instanceof Trimmed trimmed) {
            out.code('T').number(trimmed.generation);
        } else if (this instanceof Over over) {
            out.code('O').number(over.generation);
        }
    }

    private static Change read(Input in) {
        char code = in.code();
        long generation = in.number();
        return switch (code) {
            case 'J' -> new Joined(generation, in.list(in::document));
            case 'D' -> new Dropped(generation, in.list(in::id));
            case 'R' -> new Raised(generation, in.number(), in.number());
            case 'T' -> new Trimmed(generation);
            case 'O' -> new Over(generation);
            default -> throw in.unknown(code);
        };
    }
}
