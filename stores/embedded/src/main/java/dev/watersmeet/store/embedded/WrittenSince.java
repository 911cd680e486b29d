package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.embedded.Database.Family;
import java.util.Arrays;
import org.rocksdb.RocksDBException;

/**
 * The cells that the log has brought after an entry, as a Bloom filter (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970): of bounded size, and sure of what it denies. A cell that is taken for one of
 * them by mistake is purged a purge later, with another seed; where the bound makes mistakes frequent, after some purges.
 */
final class WrittenSince {
    /** About ten for each cell, which has about as many bytes as this in the log, or more: one mistake in a hundred. */
    private static final long BYTES_PER_BIT = 4;

    private static final long MIN_BITS = 1L << 13;
    private static final long MAX_BITS = 1L << 27;
    private static final int MAX_PROBES = 7;

    private final Database database;
    private final byte[] space;
    private final long seed;
    private final long[] bits;
    private final long mask;
    private final int probes;
    private long read;

    /**
     * Nothing yet. The size is that for the entries that there are.
     *
     * @param after the sequence of the entry after which the cells come
     * @param last the sequence of the last entry
     */
    WrittenSince(Database database, byte[] space, long after, long last, long seed) throws RocksDBException {
        this.database = database;
        this.space = space;
        this.seed = seed;
        this.read = after;
        long wanted = bytes(database, space, after, last) / BYTES_PER_BIT;
        long size = Math.max(MIN_BITS, Math.min(MAX_BITS, Long.highestOneBit(wanted) * 2));
        this.mask = size - 1;
        this.probes = (int) Math.max(1, Math.min(MAX_PROBES, MAX_PROBES * size / Math.max(1, wanted)));
        this.bits = new long[(int) (size / Long.SIZE)];
    }

    private static long bytes(Database database, byte[] space, long after, long last) throws RocksDBException {
        long bytes = 0;
        try (Range entries = database.range(Family.LOG, Keys.entry(space, after + 1), Keys.entry(space, last + 1))) {
            for (; entries.valid(); entries.next()) {
                bytes += entries.value().length;
            }
        }
        return bytes;
    }

    /** Takes the entries up to a sequence into account. */
    void readTo(long last) throws RocksDBException {
        if (read >= last) {
            return;
        }
        try (Range entries = database.range(Family.LOG, Keys.entry(space, read + 1), Keys.entry(space, last + 1))) {
            while (read < last) {
                if (!entries.valid() || !Arrays.equals(entries.key(), Keys.entry(space, read + 1))) {
                    throw MalformedException.of("a log has all entries up to its last", "none at " + (read + 1));
                }
                add(entries.value());
                entries.next();
                read++;
            }
        }
    }

    private void add(byte[] entry) {
        if (LogEntry.isPurge(entry)) {
            return;
        }
        LogEntry.forEach(entry, (id, path, cell, bytes) -> {
            long hash = hash(Keys.cell(Keys.document(space, id), path));
            for (int probe = 0; probe < probes; probe++) {
                long bit = bit(hash, probe);
                bits[(int) (bit / Long.SIZE)] |= 1L << bit;
            }
        });
    }

    /** Whether a cell may have been brought. */
    boolean mayHave(byte[] cell) {
        long hash = hash(cell);
        for (int probe = 0; probe < probes; probe++) {
            long bit = bit(hash, probe);
            if ((bits[(int) (bit / Long.SIZE)] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Kirsch and Mitzenmacher, "Less hashing, same performance" (2006): two hashes make them all. */
    private long bit(long hash, int probe) {
        return (hash + probe * (Long.rotateLeft(hash, 32) | 1)) & mask;
    }

    /** FNV-1a with a seed, its bits mixed as SplitMix64 does. */
    private long hash(byte[] key) {
        long hash = 0xcbf29ce484222325L ^ seed;
        for (byte next : key) {
            hash = (hash ^ (next & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
