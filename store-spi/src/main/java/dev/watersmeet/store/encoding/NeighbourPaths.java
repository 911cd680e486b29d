package dev.watersmeet.store.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The paths of documents that are read one after the other. Neighbours mostly have the same paths in the same order, so a path is parsed only where it differs from the one at its place in the document before, and neighbours share the
 * objects. Not thread-safe.
 */
public final class NeighbourPaths {
    private static final int MAX_REMEMBERED = 64;

    private final byte[][] texts = new byte[MAX_REMEMBERED][];
    private final @Nullable Path[] paths = new Path[MAX_REMEMBERED];

    /** Nothing was read yet. */
    public NeighbourPaths() {}

    /**
     * The path of a text.
     *
     * @param place of the cell in its document, from 0
     * @param bytes the text in UTF-8, from {@code from} to before {@code to}
     * @throws MalformedException if it is not a path
     */
    public Path path(int place, byte[] bytes, int from, int to) {
        if (place >= MAX_REMEMBERED) {
            return parse(bytes, from, to);
        }
        @Nullable Path before = paths[place];
        byte[] text = texts[place];
        if (before != null && Arrays.equals(text, 0, text.length, bytes, from, to)) {
            return before;
        }
        Path path = parse(bytes, from, to);
        texts[place] = Arrays.copyOfRange(bytes, from, to);
        paths[place] = path;
        return path;
    }

    private static Path parse(byte[] bytes, int from, int to) {
        return Path.parse(new String(bytes, from, to - from, UTF_8));
    }
}
