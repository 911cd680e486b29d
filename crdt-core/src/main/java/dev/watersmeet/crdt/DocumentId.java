package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a document is called inside its space (M-7).
 *
 * @param collection the kind of document: 1 to {@value #MAX_COLLECTION_LENGTH} UTF-16 code units
 * @param id the document's own name, an IndexedDB key as a value: number {@code 1} is not string {@code "1"}
 */
public record DocumentId(String collection, Value id) implements Comparable<DocumentId> {
    /** The longest name of a collection, in UTF-16 code units. */
    public static final int MAX_COLLECTION_LENGTH = 128;

    /** The longest text of an id, in bytes. */
    public static final int MAX_ID_BYTES = 1024;

    private static final Comparator<DocumentId> ORDER =
            Comparator.comparing(DocumentId::collection).thenComparing(DocumentId::id);

    public DocumentId {
        requireNonNull(collection);
        if (collection.isEmpty()
                || collection.length() > MAX_COLLECTION_LENGTH
                || collection.chars().anyMatch(Character::isISOControl)
                || !CanonicalWriter.wellFormed(collection)) {
            throw MalformedException.of(
                    "a collection's name has 1 to " + MAX_COLLECTION_LENGTH
                            + " characters, no control characters and no lone surrogates",
                    collection);
        }
        if (id.bytes() > MAX_ID_BYTES) {
            throw MalformedException.of("a document's id has at most " + MAX_ID_BYTES + " bytes", id.text());
        }
        if (!isKey(id.tree())) {
            throw MalformedException.of(
                    "a document's id is a string, a number, a date, a binary, or an array of these", id.text());
        }
    }

    /** A document with a string as its id, the usual case. */
    public static DocumentId of(String collection, String id) {
        return new DocumentId(collection, Value.of(id));
    }

    private static boolean isKey(@Nullable Object tree) {
        if (tree instanceof List<?> members) {
            return members.stream().allMatch(DocumentId::isKey);
        }
        if (tree instanceof Map<?, ?> tagged) {
            return tagged.size() == 1
                    && (JavaValues.isTime(tagged.get("$date"))
                            || isBinary(tagged.get("$binary"))
                            || "Infinity".equals(tagged.get("$number"))
                            || "-Infinity".equals(tagged.get("$number")));
        }
        return tree instanceof String || tree instanceof Double;
    }

    private static boolean isBinary(@Nullable Object binary) {
        return binary instanceof List<?> members
                && members.size() == 2
                && "ArrayBuffer".equals(members.get(0))
                && members.get(1) instanceof String text
                && isBase64(text);
    }

    /** Whether a text is what an encoder writes, padding included: a binary has one text. */
    private static boolean isBase64(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(Base64.getDecoder().decode(text))
                    .equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public int compareTo(DocumentId other) {
        return ORDER.compare(this, other);
    }

    /** The collection and the id as they are shown in messages. */
    @Override
    public String toString() {
        return collection + "/" + id;
    }
}
