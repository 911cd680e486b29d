package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** The open database. Calls after closing, or while it is opened anew, crash the process: the store sees to it that there are none. */
final class Database implements AutoCloseable {
    /** The column families. */
    enum Family {
        /** The heads of the logs, by space. */
        DEFAULT,
        /** Cells by document and path; writing one merges it. */
        CELLS,
        /** Entries of the logs, by sequence. */
        LOG,
        /** Marks by replica. */
        MARKS,
        /** Metadata by key. */
        METADATA;

        private byte[] bytes() {
            return name().toLowerCase(Locale.ROOT).getBytes(UTF_8);
        }
    }

    /** What there is while the database is open. */
    private record Opened(
            List<AbstractNativeReference> resources,
            RocksDB rocks,
            Map<Family, ColumnFamilyHandle> handles,
            WriteOptions synced) {
        void close() {
            Database.close(resources);
        }
    }

    static {
        RocksDB.loadLibrary();
    }

    private final Path folder;
    private final EmbeddedOptions options;
    private final FolderLock lock;
    private volatile @Nullable Opened opened;
    private volatile boolean outOfRoom;

    private Database(Path folder, EmbeddedOptions options, FolderLock lock) {
        this.folder = folder;
        this.options = options;
        this.lock = lock;
    }

    /** Opens the database of a folder, creating it if there is none. */
    static Database open(Path folder, EmbeddedOptions options) {
        FolderLock lock = lock(folder);
        Database database = new Database(folder, options, lock);
        try {
            database.opened = database.open(false);
            return database;
        } finally {
            if (database.opened == null) {
                database.close();
            }
        }
    }

    private static FolderLock lock(Path folder) {
        try {
            return FolderLock.of(folder);
        } catch (IOException e) {
            throw Failures.refusal(folder, e);
        }
    }

    private Opened open(boolean keepLogs) {
        try {
            WriteAheadLogs.@Nullable Torn damaged = WriteAheadLogs.cutTornEnd(folder);
            if (damaged != null) {
                throw Failures.damagedLog(folder, damaged);
            }
            return openIntact(keepLogs);
        } catch (RocksDBException | IOException e) {
            throw Failures.refusal(folder, e);
        }
    }

    private Opened openIntact(boolean keepLogs) throws RocksDBException {
        List<AbstractNativeReference> resources = new ArrayList<>();
        try {
            LRUCache cache = new LRUCache(options.cacheBytes());
            resources.add(cache);
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (Family family : Family.values()) {
                descriptors.add(new ColumnFamilyDescriptor(
                        family.bytes(), DatabaseOptions.of(family, options, cache, resources)));
            }
            DBOptions made = DatabaseOptions.of(options, resources).setAvoidFlushDuringRecovery(keepLogs);
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            RocksDB rocks = RocksDB.open(made, folder.toString(), descriptors, handles);
            resources.add(rocks);
            resources.addAll(handles);
            WriteOptions synced = new WriteOptions().setSync(true);
            resources.add(synced);
            Map<Family, ColumnFamilyHandle> byFamily = new EnumMap<>(Family.class);
            Iterator<ColumnFamilyHandle> inOrder = handles.iterator();
            for (Family family : Family.values()) {
                byFamily.put(family, inOrder.next());
            }
            return new Opened(resources, rocks, byFamily, synced);
        } catch (RocksDBException e) {
            close(resources);
            throw e;
        }
    }

    /** Whether a write has found no room on the disk: RocksDB takes no more until it is opened anew. */
    boolean isOutOfRoom() {
        return outOfRoom;
    }

    /**
     * Opens the database anew, after it has run out of room and when there is some again. Nobody else may use it meanwhile.
     *
     * @throws StoreException if it does not open, as {@link #open(Path, EmbeddedOptions)}; it can be tried again
     */
    void reopen() {
        closeRocks();
        opened = open(true); // for sorting the logs into files there may be no room yet
        outOfRoom = false;
    }

    /** The database; refused while it waits for room. */
    private Opened opened() {
        Opened current = opened;
        if (current == null) {
            throw Failures.noRoom(folder, null);
        }
        return current;
    }

    Path folder() {
        return folder;
    }

    RocksDB rocks() {
        return opened().rocks();
    }

    ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(opened().handles().get(family));
    }

    byte @Nullable [] get(Family family, byte[] key) throws RocksDBException {
        return rocks().get(handle(family), key);
    }

    /** Writes a batch as a whole. It is on disk before any reader sees it. */
    void write(WriteBatch batch) throws RocksDBException {
        try {
            rocks().write(opened().synced(), batch);
        } catch (RocksDBException e) {
            outOfRoom = outOfRoom || Failures.isNoRoom(e); // nobody but the committer writes
            throw e;
        }
    }

    /** Gives the room of what was deleted in a range of keys back to the disk. Blocks, which may take long; reading and writing go on. */
    void compact(byte[] from, byte[] end) throws RocksDBException {
        try (CompactRangeOptions range = new CompactRangeOptions().setExclusiveManualCompaction(false)) {
            for (Family family : Family.values()) {
                rocks().compactRange(handle(family), from, end, range);
            }
        }
    }

    /** The entries from a key on, below another, as they are now. */
    Range range(Family family, byte[] from, byte[] end) {
        return Range.of(rocks(), handle(family), from, end);
    }

    /** What a failed call becomes for the store's caller. */
    StoreException failure(Exception e) {
        return Failures.failure(folder, e);
    }

    @Override
    public void close() {
        closeRocks();
        lock.close();
    }

    private void closeRocks() {
        Opened current = opened;
        if (current != null) {
            opened = null;
            current.close();
        }
    }

    private static void close(List<AbstractNativeReference> resources) {
        for (int i = resources.size() - 1; i >= 0; i--) {
            resources.get(i).close();
        }
    }
}
