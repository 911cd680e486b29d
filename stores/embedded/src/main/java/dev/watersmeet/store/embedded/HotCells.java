package dev.watersmeet.store.embedded;

import dev.watersmeet.store.embedded.Database.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Merges cells, and folds those that are written again and again: what was merged with one key piles up in RocksDB's write buffer, and each reader would merge it anew. RocksDB can do that, too ({@code max_successive_merges}), but looks for
 * each merge how many there are, which takes as long as writing it. Here a count is kept where the hash of a key leads, and keys of other hashes that lead there take off from it. Used by who writes the group only.
 */
final class HotCells {
    /** How many merges of one key pile up, about: fewer if keys share a hash, more if others come to the same count in turns. */
    static final int MAX_MERGES = 64;

    private static final int COUNTS = 1 << 14;

    private final Database database;
    /** Computed by the processor's own instructions, at once for many bytes. */
    private final CRC32C hashing = new CRC32C();

    private final int[] hashes = new int[COUNTS];
    private final byte[] counts = new byte[COUNTS];
    private final List<byte[]> hot = new ArrayList<>();
    private @Nullable WriteBatch group;

    HotCells(Database database) {
        this.database = database;
    }

    /** Adds a cell to a group of writes. */
    void merge(WriteBatch writes, byte[] key, byte[] cell) throws RocksDBException {
        if (writes != group) {
            group = writes;
            fold(writes);
        }
        writes.merge(database.handle(Family.CELLS), key, cell);
        count(key);
    }

    private void count(byte[] key) {
        hashing.reset();
        hashing.update(key);
        int hash = (int) hashing.getValue();
        int at = (hash ^ hash >>> 16) & COUNTS - 1;
        if (counts[at] == 0) {
            hashes[at] = hash;
        }
        if (hashes[at] != hash) {
            counts[at]--;
        } else if (++counts[at] == MAX_MERGES) {
            counts[at] = 0;
            hot.add(key);
        }
    }

    /** Before anything else of the group is merged, what is stored is all that there is of a cell. */
    private void fold(WriteBatch writes) throws RocksDBException {
        for (byte[] key : hot) {
            byte @Nullable [] folded = database.get(Family.CELLS, key);
            if (folded != null) {
                writes.put(database.handle(Family.CELLS), key, folded);
            }
        }
        hot.clear();
    }
}
