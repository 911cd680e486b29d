package dev.watersmeet.store.embedded;

import dev.watersmeet.store.embedded.Database.Family;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.WALRecoveryMode;

/** How RocksDB is set up. What is made here is closed by whoever holds the list that it is added to. */
final class DatabaseOptions {
    /** How many write buffers share the bound of all. */
    private static final int WRITE_BUFFERS = 2;
    /** Bounds the time that a recovery takes, and the logs that a seldom written column family holds back, in write buffers. */
    private static final int MAX_WRITE_AHEAD_LOGS = 2;

    private static final int MAX_OPEN_FILES = 512;
    private static final int MAX_MESSAGE_FILES = 2;
    private static final long MAX_MESSAGE_FILE_BYTES = 1L << 20;

    private DatabaseOptions() {}

    /**
     * Those of a column family.
     *
     * @param cache of all column families
     */
    static ColumnFamilyOptions of(
            Family family, EmbeddedOptions options, Cache cache, List<AbstractNativeReference> resources) {
        ColumnFamilyOptions made = new ColumnFamilyOptions()
                .setWriteBufferSize(options.writeBufferBytes() / WRITE_BUFFERS)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setCacheIndexAndFilterBlocks(true));
        resources.add(made);
        if (family == Family.CELLS) {
            made.setMergeOperatorName("max");
        }
        return made;
    }

    /** Those of the database. */
    static DBOptions of(EmbeddedOptions options, List<AbstractNativeReference> resources) {
        DBOptions made = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setDbWriteBufferSize(options.writeBufferBytes())
                .setMaxTotalWalSize(MAX_WRITE_AHEAD_LOGS * options.writeBufferBytes())
                .setWalRecoveryMode(WALRecoveryMode.AbsoluteConsistency) // torn ends were cut off
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MAX_MESSAGE_FILE_BYTES)
                .setKeepLogFileNum(MAX_MESSAGE_FILES);
        resources.add(made);
        return made;
    }
}
