package dev.watersmeet.store.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Puts stored forms together; a {@link Decoder} takes them apart. The first byte is the form's number. Not thread-safe. */
public final class Encoder {
    private static final int MORE = 0x80;
    private static final int DIGIT = 0x7f;
    private static final int DIGIT_BITS = 7;
    private static final int INITIAL_BYTES = 1 << 8;
    private static final int MAX_NUMBER_BYTES = 10;
    /** How many bytes a number has that stands for a length or a count, at most mostly. */
    private static final int COUNT_BYTES = 3;
    /** As much room as the largest batch takes. */
    private static final int MAX_ROOM = 32 << 20;

    private ByteBuffer out;

    private Encoder(int room) {
        out = ByteBuffer.allocate(room);
    }

    /** Begins with the number of a form, 0 to 255. */
    public static Encoder form(int form) {
        return form(form, INITIAL_BYTES);
    }

    /**
     * Begins with the number of a form, 0 to 255.
     *
     * @param room for how many bytes there is room at first; with too little of it, what is put is copied each time it doubles
     */
    public static Encoder form(int form, int room) {
        Encoder encoder = new Encoder(Math.max(1, room));
        encoder.out.put((byte) form);
        return encoder;
    }

    /** Begins what will be a part of a form. */
    public static Encoder part() {
        return part(INITIAL_BYTES);
    }

    /** Begins what will be a part of a form, with room for so many bytes at first. */
    public static Encoder part(int room) {
        return new Encoder(room);
    }

    /** How many bytes it has by now. */
    public int length() {
        return out.position();
    }

    /** A part that was put together before. */
    public Encoder part(byte[] part) {
        return part(ByteBuffer.wrap(part));
    }

    /** A part that was put together before, which stays as it is. */
    public Encoder part(ByteBuffer part) {
        room(part.remaining()).put(part.duplicate());
        return this;
    }

    /** A number, in few bytes if it is small and not negative. */
    public Encoder number(long number) {
        ByteBuffer room = room(MAX_NUMBER_BYTES);
        long rest = number;
        while ((rest & ~DIGIT) != 0) {
            room.put((byte) ((rest & DIGIT) | MORE));
            rest >>>= DIGIT_BITS;
        }
        room.put((byte) rest);
        return this;
    }

    /** The buffer, with room for so many bytes. */
    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int least = Math.addExact(out.position(), bytes);
            int capacity = (int) Math.min(Math.max(least, 2L * out.capacity()), Integer.MAX_VALUE - 8);
            out = ByteBuffer.allocate(capacity).put(out.flip());
        }
        return out;
    }

    /** A number in eight bytes. */
    public Encoder fixed(long number) {
        room(Long.BYTES).putLong(number);
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
        room(1).put((byte) (flag ? 1 : 0));
        return this;
    }

    /** Bytes, behind their number. */
    public Encoder bytes(byte[] bytes) {
        number(bytes.length);
        room(bytes.length).put(bytes);
        return this;
    }

    /**
     * A text.
     *
     * @throws MalformedException if it has lone surrogates, which have no UTF-8
     */
    public Encoder text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return wide(text);
            }
        }
        return bytes(text.getBytes(UTF_8));
    }

    private Encoder wide(String text) {
        try {
            ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes(bytes);
        } catch (CharacterCodingException e) {
            throw MalformedException.of("a stored text has no lone surrogates", text);
        }
    }

    /** About how many bytes documents have behind their number, mostly a few too many. */
    public static int room(Collection<DocumentCells> documents) {
        long room = COUNT_BYTES;
        for (DocumentCells document : documents) {
            room += document.id().collection().length() + document.id().id().bytes() + 3 * COUNT_BYTES;
            room += document.cells().textBytes()
                    + (CellBytes.HEAD + 2L * COUNT_BYTES) * document.cells().size();
        }
        return (int) Math.min(room, MAX_ROOM);
    }

    /** Documents, behind their number. */
    public Encoder documents(Collection<DocumentCells> documents) {
        room(room(documents));
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
        return Arrays.copyOf(out.array(), out.position());
    }
}
