package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.embedded.Database.Family;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The metadata of all spaces. Rarely written, so one lock makes comparing and setting one step. */
final class StoredMetadata {
    private final Database database;
    private final ReentrantLock lock = new ReentrantLock();

    StoredMetadata(Database database) {
        this.database = database;
    }

    Optional<String> get(SpaceId space, String key) throws RocksDBException {
        return get(Keys.metadata(space, key));
    }

    private Optional<String> get(byte[] key) throws RocksDBException {
        byte @Nullable [] value = database.get(Family.METADATA, key);
        return value == null ? Optional.empty() : Optional.of(new String(value, UTF_8));
    }

    /** Runs what must not come between a comparison and the setting that goes with it. */
    <T> T exclusively(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** To be called {@linkplain #exclusively exclusively}. */
    boolean compareAndSet(SpaceId space, String key, @Nullable String expected, String value) throws RocksDBException {
        Metadata.checkLength(key, value);
        byte[] stored = Keys.metadata(space, key);
        byte[] bytes = Keys.strictUtf8(value);
        if (!get(stored).equals(Optional.ofNullable(expected))) {
            return false;
        }
        database.put(Family.METADATA, stored, bytes);
        return true;
    }
}
