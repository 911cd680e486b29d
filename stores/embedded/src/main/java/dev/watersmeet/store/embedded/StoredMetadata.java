package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.embedded.Database.Family;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The metadata of all spaces. They are written by the committer like all else, so that comparing and setting is one step, and goes on by itself after a full disk. */
final class StoredMetadata {
    private final Database database;

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

    /**
     * Sets a key's value if it is the expected one.
     *
     * @param outcome becomes whether it was
     */
    Write compareAndSet(SpaceId space, String key, @Nullable String expected, String value, AtomicBoolean outcome) {
        Metadata.checkLength(key, value);
        byte[] stored = Keys.metadata(space, key);
        byte[] bytes = Keys.strictUtf8(value);
        return Write.reading(Keys.space(space), (writes, before, now) -> {
            boolean isExpected = get(stored).equals(Optional.ofNullable(expected));
            if (isExpected) {
                writes.put(database.handle(Family.METADATA), stored, bytes);
            }
            outcome.set(isExpected);
            return before;
        });
    }
}
