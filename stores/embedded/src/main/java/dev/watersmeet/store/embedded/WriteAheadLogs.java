package dev.watersmeet.store.embedded;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The write-ahead logs of a database that does not open: whether what cannot be read in them is a torn tail or damage.
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

    private static final int MASK_DELTA = 0xa282ead8;

    private WriteAheadLogs() {}

    /** Whether in each log nothing begins behind the first thing that cannot be read. */
    static boolean endTorn(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            List<Path> logs = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted(comparing(Path::toString))
                    .toList();
            for (Path log : logs) {
                if (!endsTorn(log)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean endsTorn(Path log) throws IOException {
        boolean damaged = false;
        try (FileChannel in = FileChannel.open(log)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
            while (read(in, block)) {
                int at = damaged ? 0 : intact(block);
                damaged |= at < block.limit();
                if (damaged && recordBegins(block, at)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean read(FileChannel in, ByteBuffer block) throws IOException {
        block.clear();
        int read = 0;
        while (block.hasRemaining() && read >= 0) {
            read = in.read(block);
        }
        block.flip();
        return block.hasRemaining();
    }

    /** Where the first thing is that is no fragment; the block's end if all is well. */
    private static int intact(ByteBuffer block) {
        int at = 0;
        while (block.limit() - at >= HEADER && isFragment(block, at)) {
            at += HEADER + length(block, at);
        }
        boolean padded = BLOCK - at < HEADER;
        return padded ? block.limit() : at;
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
        int kind = block.get(at + KIND);
        int length = length(block, at);
        if (kind == ZERO || at + HEADER + length > block.limit()) {
            return false;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(block.slice(at + KIND, 1 + length));
        return mask((int) checksum.getValue()) == block.getInt(at);
    }

    private static int length(ByteBuffer block, int at) {
        return Short.toUnsignedInt(block.getShort(at + Integer.BYTES));
    }

    private static int mask(int checksum) {
        return Integer.rotateRight(checksum, 15) + MASK_DELTA;
    }
}
