package dev.watersmeet.store.geode;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.processlogs.RecordKey;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.util.HexFormat;

/** The keys of entries of regions: texts that begin with the space and its life, so that what belongs together is a range of keys. No space's name has a {@value #SEPARATOR}. */
final class Keys {
    private static final char SEPARATOR = '|';
    /** What separates a collection's name, which has no control characters, from an id. */
    private static final char AFTER_COLLECTION = '\0';

    private static final String LOG = "LOG";
    private static final String PAGE = "PAGE";
    private static final String FENCE = "FENCE";
    private static final HexFormat HEX = HexFormat.of();

    private Keys() {}

    /** What all keys of a space's life begin with. */
    static String space(SpaceKey space) {
        return space.space().name() + SEPARATOR + HEX.toHexDigits(space.life()) + SEPARATOR;
    }

    /** The space of a key. */
    static SpaceId spaceOf(String key) {
        int end = key.indexOf(SEPARATOR);
        return SpaceId.of(end < 0 ? key : key.substring(0, end));
    }

    /** The first key behind all that begin with a prefix, which ends with a {@value #SEPARATOR}. */
    static String behind(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + (char) (SEPARATOR + 1);
    }

    static String control(SpaceId space) {
        return space.name();
    }

    static String record(RecordKey key) {
        return space(new SpaceKey(key.space(), key.life())) + key.kind() + SEPARATOR + key.name();
    }

    static String document(SpaceKey space, DocumentId id) {
        return space(space) + document(id);
    }

    /** A document's name, in a space. */
    static String document(DocumentId id) {
        return id.collection() + AFTER_COLLECTION + id.id().text();
    }

    /** The document of a name in a space. */
    static DocumentId parseDocument(String name) {
        int end = name.indexOf(AFTER_COLLECTION);
        if (end < 0) {
            throw new IllegalArgumentException("no name of a document: " + name);
        }
        return new DocumentId(name.substring(0, end), Value.ofCanonical(name.substring(end + 1)));
    }

    /** What the keys of a log's entries begin with. */
    private static String log(SpaceKey space, long log) {
        return space(space) + HEX.toHexDigits(log) + SEPARATOR;
    }

    static String entry(SpaceKey space, long log, long sequence) {
        return log(space, log) + HEX.toHexDigits(sequence);
    }

    /** Where it is kept which entries of a log are annulled. */
    static String annulled(SpaceKey space, long log) {
        return log(space, log) + "annulled";
    }

    /** Where the tips of a generation's logs are. */
    static String tips(SpaceKey space, long generation) {
        return space(space) + HEX.toHexDigits(generation);
    }

    /** What the keys begin with under which logs are noted. */
    static String logs(SpaceKey space) {
        return space(space) + LOG + SEPARATOR;
    }

    static String noted(SpaceKey space, long log) {
        return logs(space) + HEX.toHexDigits(log);
    }

    /** The log that was noted under a key. */
    static long notedLog(SpaceKey space, String key) {
        return HexFormat.fromHexDigitsToLong(key, logs(space).length(), key.length());
    }

    /** What the keys of a generation's pages begin with. */
    static String pages(SpaceKey space, long generation) {
        return space(space) + PAGE + SEPARATOR + HEX.toHexDigits(generation) + SEPARATOR;
    }

    static String page(SpaceKey space, long generation, long attempt, int index) {
        return pages(space, generation) + HEX.toHexDigits(attempt) + SEPARATOR + HEX.toHexDigits(index);
    }

    /** What the keys begin with under which it is noted what was dropped. */
    static String fences(SpaceKey space) {
        return space(space) + FENCE + SEPARATOR;
    }

    static String fence(SpaceKey space, DocumentId id) {
        return fences(space) + document(id);
    }

    /** The key of the document that was noted to be dropped. */
    static String fencedDocument(SpaceKey space, String key) {
        return space(space) + key.substring(fences(space).length());
    }
}
