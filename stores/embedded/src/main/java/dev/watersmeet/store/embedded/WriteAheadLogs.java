package dev.watersmeet.store.embedded;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead logs of a database that is not open: what is torn at their end is cut off before RocksDB reads it. RocksDB cannot tell that from damage, and there are bytes that it reads for ever.
 *
 * <p>A group is one record, and is synced before the next is written. So after a loss of power there may be anything in the place of the last record, but no other record behind it. If there is one, what cannot be read
 * had been synced and acknowledged, and is not to be skipped. What cannot be told is damage to the very last record.
 *
 * <p>The format is RocksDB's: blocks of 32 KiB; in them fragments of records, each with a masked CRC-32C, a length and a kind.
 */
final class WriteAheadLogs {
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    private static final int KIND = 6;
    private static final int ZERO = 0;
    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int MIDDLE = 3;

    private static final int MASK_DELTA = 0xa282ead8;

    /** A log and the end of its last whole record, behind which it cannot be read. */
    record Torn(Path log, long end) {
        private void cut() throws IOException {
            try (FileChannel out = FileChannel.open(log, StandardOpenOption.WRITE)) {
                out.truncate(end);
                out.force(true);
            }
        }
    }

    private @Nullable Torn torn;

    private WriteAheadLogs() {}

    /**
     * Cuts off what is behind the last whole record. Nobody else may have the database open.
     *
     * @return what is damaged, if a record begins behind something that cannot be read: then all is left as it was
     */
    static @Nullable Torn cutTornEnd(Path database) throws IOException {
        WriteAheadLogs logs = new WriteAheadLogs();
        for (Path log : list(database)) {
            if (!logs.read(log)) {
                return logs.torn;
            }
        }
        if (logs.torn != null) {
            logs.torn.cut();
        }
        return null;
    }

    /** In the order in which they were written. */
    private static List<Path> list(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted(comparing(Path::toString))
                    .toList();
        }
    }

    /** Reads the next log; false if a record begins behind a torn end, in this log or one before. */
    private boolean read(Path log) throws IOException {
        try (FileChannel in = FileChannel.open(log)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
            long whole = 0;
            for (long start = 0; fill(in, block); start += BLOCK) {
                int at = 0;
                while (torn == null && BLOCK - at >= HEADER && at < block.limit() && isFragment(block, at)) {
                    boolean goesOn = goesOn(block, at);
                    at += HEADER + length(block, at);
                    whole = goesOn ? whole : start + at;
                }
                boolean padded = BLOCK - at < HEADER;
                if (torn == null && !padded && at < block.limit()) {
                    torn = new Torn(log, whole);
                }
                if (torn != null && recordBegins(block, at)) {
                    return false;
                }
            }
            if (torn == null && whole < in.size()) {
                torn = new Torn(log, whole); // a record without its end, or padding
            }
        }
        return true;
    }

    private static boolean fill(FileChannel in, ByteBuffer block) throws IOException {
        block.clear();
        int read = 0;
        while (block.hasRemaining() && read >= 0) {
            read = in.read(block);
        }
        block.flip();
        return block.hasRemaining();
    }

    /** Whether a record's beginning can be read anywhere behind an offset. */
    private static boolean recordBegins(ByteBuffer block, int from) {
        for (int at = from; at <= block.limit() - HEADER; at++) {
            int kind = block.get(at + KIND);
            if ((kind == FULL || kind == FIRST) && isFragment(block, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFragment(ByteBuffer block, int at) {
        if (block.limit() - at < HEADER) {
            return false;
        }
        int kind = block.get(at + KIND);
        int length = length(block, at);
        if (kind == ZERO || at + HEADER + length > block.limit()) {
            return false;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(block.slice(at + KIND, 1 + length));
        return mask((int) checksum.getValue()) == block.getInt(at);
    }

    /** Whether a record has more fragments behind this one. */
    private static boolean goesOn(ByteBuffer block, int at) {
        int kind = block.get(at + KIND);
        return kind == FIRST || kind == MIDDLE;
    }

    private static int length(ByteBuffer block, int at) {
        return Short.toUnsignedInt(block.getShort(at + Integer.BYTES));
    }

    private static int mask(int checksum) {
        return Integer.rotateRight(checksum, 15) + MASK_DELTA;
    }
}
