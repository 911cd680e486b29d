package dev.watersmeet.store.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Collection;
import java.util.List;

/** Puts stored forms together; a {@link Decoder} takes them apart. The first byte is the form's number. Not thread-safe. */
public final class Encoder {
    private static final int MORE = 0x80;
    private static final int DIGIT = 0x7f;
    private static final int DIGIT_BITS = 7;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Encoder() {}

    /** Begins with the number of a form, 0 to 255. */
    public static Encoder form(int form) {
        Encoder encoder = new Encoder();
        encoder.out.write(form);
        return encoder;
    }

    /** Begins what will be a part of a form. */
    public static Encoder part() {
        return new Encoder();
    }

    /** A part that was put together before. */
    public Encoder part(byte[] part) {
        out.writeBytes(part);
        return this;
    }

    /** A number, in few bytes if it is small and not negative. */
    public Encoder number(long number) {
        long rest = number;
        while ((rest & ~DIGIT) != 0) {
            out.write((int) (rest & DIGIT) | MORE);
            rest >>>= DIGIT_BITS;
        }
        out.write((int) rest);
        return this;
    }

    /** A number in eight bytes. */
    public Encoder fixed(long number) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return this;
    }

    /** Numbers in eight bytes each, behind how many there are. */
    public Encoder fixed(List<Long> numbers) {
        number(numbers.size());
        numbers.forEach(this::fixed);
        return this;
    }

    /** A flag, in one byte. */
    public Encoder flag(boolean flag) {
        out.write(flag ? 1 : 0);
        return this;
    }

    /** Bytes, behind their number. */
    public Encoder bytes(byte[] bytes) {
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    /**
     * A text.
     *
     * @throws MalformedException if it has lone surrogates, which have no UTF-8
     */
    public Encoder text(String text) {
        try {
            ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes(bytes);
        } catch (CharacterCodingException e) {
            throw MalformedException.of("a stored text has no lone surrogates", text);
        }
    }

    /** Documents, behind their number. */
    public Encoder documents(Collection<DocumentCells> documents) {
        number(documents.size());
        documents.forEach(this::document);
        return this;
    }

    /** A document with its cells. */
    public Encoder document(DocumentCells document) {
        documentId(document.id());
        number(document.cells().size());
        document.cells().forEach((path, cell) -> bytes(path.utf8()).bytes(CellBytes.of(cell)));
        return this;
    }

    /** A document's collection and id. */
    public Encoder documentId(DocumentId id) {
        return text(id.collection()).text(id.id().text());
    }

    /** All that was put so far. */
    public byte[] toBytes() {
        return out.toByteArray();
    }
}
