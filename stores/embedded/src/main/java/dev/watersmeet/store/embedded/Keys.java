package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * The keys of the database. Every key starts with its space's name and a zero byte; what is inside a key is separated by zero bytes, which none of the names can hold: names of spaces and collections
 * have no control characters, and canonical texts escape them.
 */
final class Keys {
    private static final byte SEPARATOR = 0;
    private static final byte AFTER_SEPARATOR = 1;

    /** Above every key: no name of a space starts with such a byte. */
    static final byte[] AFTER_ALL_SPACES = {(byte) 0xff};

    private Keys() {}

    /** What every key of a space starts with. */
    static byte[] space(SpaceId space) {
        return concat(space.name().getBytes(UTF_8), new byte[] {SEPARATOR});
    }

    /** The space that a prefix names. */
    static SpaceId parseSpace(byte[] space) {
        return SpaceId.of(new String(space, 0, space.length - 1, UTF_8));
    }

    /** What the key of every cell of a document starts with. */
    static byte[] document(byte[] space, DocumentId id) {
        byte[] separator = {SEPARATOR};
        return concat(
                space,
                id.collection().getBytes(UTF_8),
                separator,
                id.id().text().getBytes(UTF_8),
                separator);
    }

    static byte[] cell(byte[] document, Path path) {
        return cell(document, path.utf8());
    }

    static byte[] cell(byte[] document, byte[] path) {
        byte[] key = Arrays.copyOf(document, document.length + path.length);
        System.arraycopy(path, 0, key, document.length, path.length);
        return key;
    }

    static byte[] entry(byte[] space, long sequence) {
        return ByteBuffer.allocate(space.length + Long.BYTES)
                .put(space)
                .putLong(sequence)
                .array();
    }

    static byte[] mark(byte[] space, ReplicaId replica) {
        return entry(space, replica.bits());
    }

    static byte[] metadata(SpaceId space, String key) {
        return concat(space(space), strictUtf8(key));
    }

    /** UTF-8 of a text that may hold anything; what UTF-8 cannot hold is refused, not replaced. */
    static byte[] strictUtf8(String text) {
        try {
            ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text with a lone surrogate cannot be kept: " + text, e);
        }
    }

    /** The least key above all that start with a prefix which ends with a separator. */
    static byte[] end(byte[] prefix) {
        byte[] end = prefix.clone();
        end[end.length - 1] = AFTER_SEPARATOR;
        return end;
    }

    /** The prefix of a cell's key that names its document. */
    static byte[] documentOf(byte[] cell, int spaceLength) {
        int collectionEnd = next(cell, spaceLength);
        return Arrays.copyOf(cell, next(cell, collectionEnd + 1) + 1);
    }

    /** Whether bytes end as the prefix of a document does. */
    static boolean endsDocument(byte[] prefix) {
        return prefix.length > 0 && prefix[prefix.length - 1] == SEPARATOR;
    }

    /** The document that a prefix names. */
    static DocumentId parseDocument(byte[] document, int spaceLength) {
        int collectionEnd = next(document, spaceLength);
        String collection = new String(document, spaceLength, collectionEnd - spaceLength, UTF_8);
        String id = new String(document, collectionEnd + 1, document.length - collectionEnd - 2, UTF_8);
        return new DocumentId(collection, Value.ofCanonical(id));
    }

    static Path parsePath(byte[] cell, int documentLength) {
        return Path.parse(new String(cell, documentLength, cell.length - documentLength, UTF_8));
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static int next(byte[] key, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == SEPARATOR) {
                return i;
            }
        }
        throw MalformedException.of("the key of a cell has a space, a collection, an id and a path");
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            key.writeBytes(part);
        }
        return key.toByteArray();
    }
}
