package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Reads documents, one after the other. Neighbours mostly have the same paths in the same order, so a path is parsed only where it differs from the one at its place in the document before. Not thread-safe.
 */
final class DocumentReader {
    private static final int MAX_REMEMBERED = 64;
    /** What a cell takes beside its path and its bytes, about. */
    private static final int CELL_BYTES = 48;

    private final byte[][] keys = new byte[MAX_REMEMBERED][];
    private final int[] starts = new int[MAX_REMEMBERED];
    private final @Nullable Path[] paths = new Path[MAX_REMEMBERED];
    private long bytes;

    /** The cells of a document, from a range that stands at its first; leaves the range behind its last. */
    DocumentState read(Range cells, byte[] prefix) throws RocksDBException {
        DocumentState state = DocumentState.empty();
        bytes = prefix.length;
        for (int place = 0; cells.valid(); place++) {
            byte[] key = cells.key();
            if (!Keys.startsWith(key, prefix)) {
                break;
            }
            byte[] value = cells.value();
            state.join(path(place, key, prefix.length), CellBytes.parse(value));
            bytes += CELL_BYTES + key.length - prefix.length + value.length;
            cells.next();
        }
        return state;
    }

    /** About how many bytes the document that was read last takes, in memory or in a message. */
    long bytes() {
        return bytes;
    }

    private Path path(int place, byte[] key, int start) {
        if (place >= MAX_REMEMBERED) {
            return Keys.parsePath(key, start);
        }
        @Nullable Path before = paths[place];
        byte[] known = keys[place];
        if (before != null && Arrays.equals(known, starts[place], known.length, key, start, key.length)) {
            return before;
        }
        Path path = Keys.parsePath(key, start);
        keys[place] = key;
        starts[place] = start;
        paths[place] = path;
        return path;
    }
}
