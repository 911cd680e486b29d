package dev.watersmeet.store.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes apart what an {@link Encoder} has put together. Throws {@link MalformedException} or {@link BufferUnderflowException} for anything else. Not thread-safe. */
public final class Decoder {
    private static final int DIGIT = 0x7f;
    private static final int DIGIT_BITS = 7;

    private final byte[] stored;
    private final ByteBuffer in;
    private final NeighbourPaths paths = new NeighbourPaths();

    private Decoder(byte[] stored) {
        this.stored = stored;
        this.in = ByteBuffer.wrap(stored);
    }

    /**
     * Begins to read.
     *
     * @throws MalformedException if the bytes are of another form
     */
    public static Decoder form(int form, byte[] bytes) {
        Decoder decoder = new Decoder(bytes);
        int found = decoder.in.get();
        if (found != form) {
            throw MalformedException.of("what is stored has form " + form + ", not " + found);
        }
        return decoder;
    }

    /** A number of few bytes. */
    public long number() {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
            byte digit = in.get();
            number |= (long) (digit & DIGIT) << shift;
            if (digit >= 0) {
                return number;
            }
        }
        throw MalformedException.of("a number has at most " + Long.SIZE + " bits");
    }

    /** A number of parts that follow, each of at least one byte. */
    public int count() {
        long count = number();
        if (count < 0 || count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) count;
    }

    /** A number of eight bytes. */
    public long fixed() {
        return in.getLong();
    }

    /** Numbers of eight bytes, behind how many there are. */
    public List<Long> fixedList() {
        List<Long> numbers = new ArrayList<>();
        for (int rest = count(); rest > 0; rest--) {
            numbers.add(fixed());
        }
        return numbers;
    }

    /** A flag. */
    public boolean flag() {
        return in.get() != 0;
    }

    /** Bytes, behind their number. */
    public byte[] bytes() {
        byte[] bytes = new byte[count()];
        in.get(bytes);
        return bytes;
    }

    /** A text. */
    public String text() {
        return new String(bytes(), UTF_8);
    }

    /** Documents, behind their number. */
    public List<DocumentCells> documents() {
        int count = count();
        List<DocumentCells> documents = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            documents.add(document());
        }
        return documents;
    }

    /** A document with its cells. */
    public DocumentCells document() {
        DocumentId id = documentId();
        int count = count();
        DocumentState cells = DocumentState.empty(count);
        for (int place = 0; place < count; place++) {
            cells.join(path(place), CellBytes.parse(bytes()));
        }
        return new DocumentCells(id, cells);
    }

    /**
     * A path, behind the number of its bytes.
     *
     * @param place of the cell in its document, from 0
     */
    public Path path(int place) {
        int length = count();
        int from = in.position();
        in.position(from + length);
        return paths.path(place, stored, from, from + length);
    }

    /** A document's collection and id. */
    public DocumentId documentId() {
        return new DocumentId(text(), Value.ofCanonical(text()));
    }

    /** Whether something is left. */
    public boolean hasMore() {
        return in.hasRemaining();
    }
}
