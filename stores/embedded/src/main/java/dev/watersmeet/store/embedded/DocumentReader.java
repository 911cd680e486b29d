package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.encoding.NeighbourPaths;
import org.rocksdb.RocksDBException;

/** Reads documents, one after the other. Not thread-safe. */
final class DocumentReader {
    /** What a cell takes beside its path and its bytes, about. */
    private static final int CELL_BYTES = 48;

    private final NeighbourPaths paths = new NeighbourPaths();
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
            state.join(paths.path(place, key, prefix.length, key.length), CellBytes.parse(value));
            bytes += CELL_BYTES + key.length - prefix.length + value.length;
            cells.next();
        }
        return state;
    }

    /** About how many bytes the document that was read last takes, in memory or in a message. */
    long bytes() {
        return bytes;
    }
}
