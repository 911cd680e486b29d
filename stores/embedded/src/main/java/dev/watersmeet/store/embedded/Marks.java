package dev.watersmeet.store.embedded;

import dev.watersmeet.store.Batch;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.embedded.Database.Family;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Joins marks: those that are stored, and those in the group of writes that is being put together. Used by who writes the group only. */
final class Marks {
    private final Database database;
    private final Map<ByteBuffer, FormerMark> ofGroup = new HashMap<>();
    private @Nullable WriteBatch group;

    Marks(Database database) {
        this.database = database;
    }

    /**
     * Adds a batch's mark to a group of writes, if it stays (S-5).
     *
     * @param key of the mark
     * @param bytes the mark as it is stored
     * @throws StoreException if the batch expects another mark (S-24); nothing was added then
     */
    void join(WriteBatch writes, Batch batch, Mark mark, byte[] key, byte[] bytes) throws RocksDBException {
        if (writes != group) {
            group = writes;
            ofGroup.clear();
        }
        FormerMark held = held(key);
        batch.checkFormer(held);
        if (mark.replaces(held)) {
            writes.put(database.handle(Family.MARKS), key, bytes);
            ofGroup.put(ByteBuffer.wrap(key), FormerMark.of(mark));
        }
    }

    private FormerMark held(byte[] key) throws RocksDBException {
        @Nullable FormerMark fresh = ofGroup.get(ByteBuffer.wrap(key));
        if (fresh != null) {
            return fresh;
        }
        byte @Nullable [] stored = database.get(Family.MARKS, key);
        return stored == null ? FormerMark.NONE : MarkBytes.parseFormer(stored);
    }
}
