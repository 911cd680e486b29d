package dev.watersmeet.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.store.StoreException;
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
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The open database. Calls after closing crash the process: the store sees to it that there are none.
 *
 * <p>Memory is bounded by a block cache of 64 MiB, which also holds the indexes, and 64 MiB of write buffers over all column families.
 */
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

    private static final long BLOCK_CACHE_BYTES = 64L << 20;
    private static final long WRITE_BUFFER_BYTES = 32L << 20;
    private static final long WRITE_BUFFERS_BYTES = 2 * WRITE_BUFFER_BYTES;
    /** Bounds the time that a recovery takes, and the logs that a seldom written column family holds back. */
    private static final long MAX_WRITE_AHEAD_LOG_BYTES = 128L << 20;

    private static final int MAX_OPEN_FILES = 512;
    private static final int MAX_MESSAGE_FILES = 2;
    private static final long MAX_MESSAGE_FILE_BYTES = 1L << 20;
    /** How many merges of one key pile up in a write buffer before they are folded into one. */
    private static final int MAX_SUCCESSIVE_MERGES = 64;

    static {
        RocksDB.loadLibrary();
    }

    private final List<AbstractNativeReference> resources;
    private final RocksDB rocks;
    private final Map<Family, ColumnFamilyHandle> handles;
    private final WriteOptions synced;

    private Database(List<AbstractNativeReference> resources, RocksDB rocks, Map<Family, ColumnFamilyHandle> handles) {
        this.resources = resources;
        this.rocks = rocks;
        this.handles = handles;
        this.synced = new WriteOptions().setSync(true);
        resources.add(synced);
    }

    /** Opens the database of a folder, creating it if there is none. */
    static Database open(Path folder) {
        List<AbstractNativeReference> resources = new ArrayList<>();
        try {
            return open(folder, resources);
        } catch (RocksDBException e) {
            close(resources);
            throw refusal(folder, e);
        }
    }

    private static Database open(Path folder, List<AbstractNativeReference> resources) throws RocksDBException {
        LRUCache cache = new LRUCache(BLOCK_CACHE_BYTES);
        resources.add(cache);
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (Family family : Family.values()) {
            ColumnFamilyOptions options = columnFamilyOptions(cache);
            resources.add(options);
            if (family == Family.CELLS) {
                options.setMergeOperatorName("max").setMaxSuccessiveMerges(MAX_SUCCESSIVE_MERGES);
            }
            descriptors.add(new ColumnFamilyDescriptor(family.bytes(), options));
        }
        DBOptions options = options();
        resources.add(options);
        List<ColumnFamilyHandle> opened = new ArrayList<>();
        RocksDB rocks = RocksDB.open(options, folder.toString(), descriptors, opened);
        resources.add(rocks);
        resources.addAll(opened);
        Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
        Iterator<ColumnFamilyHandle> inOrder = opened.iterator();
        for (Family family : Family.values()) {
            handles.put(family, inOrder.next());
        }
        return new Database(resources, rocks, handles);
    }

    private static ColumnFamilyOptions columnFamilyOptions(LRUCache cache) {
        return new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(2)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setCacheIndexAndFilterBlocks(true));
    }

    private static DBOptions options() {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setDbWriteBufferSize(WRITE_BUFFERS_BYTES)
                .setMaxTotalWalSize(MAX_WRITE_AHEAD_LOG_BYTES)
                // What was acknowledged was synced: only the tail of a log may be torn. Anything else is damage, and is
                // not to be skipped in silence.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MAX_MESSAGE_FILE_BYTES)
                .setKeepLogFileNum(MAX_MESSAGE_FILES);
    }

    private static StoreException refusal(Path folder, RocksDBException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "no reason is given");
        if (message.contains("LOCK:")) {
            return new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "the database in " + folder
                            + " is open already, here or in another process; close that, or choose another folder",
                    e);
        }
        if (isNoSpace(e)) {
            return new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "there is no room to open the database in " + folder + "; free some and try again",
                    e);
        }
        return new StoreException(
                StoreException.Kind.UNUSABLE,
                "the database in " + folder + " cannot be opened: " + message
                        + "; check the folder's permissions and disk, or restore it from a backup",
                e);
    }

    private static boolean isNoSpace(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getSubCode() == Status.SubCode.NoSpace;
    }

    /** What a failed call becomes for the store's caller. */
    static StoreException failure(Exception e) {
        if (e instanceof RocksDBException failed
                && failed.getStatus() != null
                && failed.getStatus().getCode() == Status.Code.Corruption) {
            return new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "the database is damaged: " + e.getMessage() + "; restore its folder from a backup",
                    e);
        }
        return new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "the database has failed: " + e.getMessage()
                        + "; see that its disk has room and is sound; if this goes on, restart the process",
                e);
    }

    ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(handles.get(family));
    }

    byte @Nullable [] get(Family family, byte[] key) throws RocksDBException {
        return rocks.get(handle(family), key);
    }

    void put(Family family, byte[] key, byte[] value) throws RocksDBException {
        rocks.put(handle(family), synced, key, value);
    }

    /** Writes a batch as a whole. It is on disk before any reader sees it. */
    void write(WriteBatch batch) throws RocksDBException {
        rocks.write(synced, batch);
    }

    /** Gives the room of what was deleted in a range of keys back to the disk. Blocks, which may take long; reading and writing go on. */
    void compact(byte[] from, byte[] end) throws RocksDBException {
        try (CompactRangeOptions options = new CompactRangeOptions().setExclusiveManualCompaction(false)) {
            for (ColumnFamilyHandle handle : handles.values()) {
                rocks.compactRange(handle, from, end, options);
            }
        }
    }

    /** The entries from a key on, below another, as they are now. */
    Range range(Family family, byte[] from, byte[] end) {
        return Range.of(rocks, handle(family), from, end);
    }

    @Override
    public void close() {
        close(resources);
    }

    private static void close(List<AbstractNativeReference> resources) {
        for (int i = resources.size() - 1; i >= 0; i--) {
            resources.get(i).close();
        }
    }
}
