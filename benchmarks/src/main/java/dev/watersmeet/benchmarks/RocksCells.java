package dev.watersmeet.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** The same cells in RocksDB alone, with the options that ours has: no log of batches, no marks, no cursors. */
final class RocksCells implements CellStore {
    /** How a batch is joined. */
    enum Join {
        /** Not at all: what is written last stays. */
        PUT,
        /** Each cell is read, and written unless that is greater. Batches come again, and are written again. */
        READ_CELL,
        /** A document is one value: read, joined, written. */
        READ_DOCUMENT
    }

    private static final long BUFFER_BYTES = 64L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final List<AbstractNativeReference> resources = new ArrayList<>();
    private final RocksDB rocks;
    private final WriteOptions synced;
    private final Join join;

    RocksCells(Path folder, Join join) {
        this.join = join;
        LRUCache cache = new LRUCache(BUFFER_BYTES);
        Options options = new Options()
                .setCreateIfMissing(true)
                .setDbWriteBufferSize(BUFFER_BYTES)
                .setWriteBufferSize(BUFFER_BYTES / 2)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setCacheIndexAndFilterBlocks(true));
        synced = new WriteOptions().setSync(true);
        try {
            rocks = RocksDB.open(options, folder.toString());
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
        resources.addAll(List.of(cache, options, synced, rocks));
    }

    private static byte[] key(DocumentCells document) {
        return ("bench\0todos\0" + document.id().id().text() + "\0").getBytes(UTF_8);
    }

    @Override
    public Object prepare(List<DocumentCells> batch) {
        if (join == Join.READ_DOCUMENT) {
            return batch;
        }
        List<Map.Entry<byte[], byte[]>> cells = new ArrayList<>();
        for (DocumentCells document : batch) {
            byte[] prefix = key(document);
            document.cells().forEach((path, cell) -> {
                byte[] end = path.utf8();
                byte[] key = Arrays.copyOf(prefix, prefix.length + end.length);
                System.arraycopy(end, 0, key, prefix.length, end.length);
                cells.add(Map.entry(key, CellBytes.of(cell)));
            });
        }
        return cells;
    }

    @Override
    @SuppressWarnings("unchecked") // what prepare has made
    public void join(Object prepared) {
        try (WriteBatch batch = new WriteBatch()) {
            if (join == Join.READ_DOCUMENT) {
                for (DocumentCells document : (List<DocumentCells>) prepared) {
                    byte[] key = key(document);
                    batch.put(key, joined(rocks.get(key), document.cells()));
                }
            } else {
                for (Map.Entry<byte[], byte[]> cell : (List<Map.Entry<byte[], byte[]>>) prepared) {
                    byte[] stored = join == Join.READ_CELL ? rocks.get(cell.getKey()) : null;
                    if (stored == null || Arrays.compareUnsigned(stored, cell.getValue()) <= 0) {
                        batch.put(cell.getKey(), cell.getValue());
                    }
                }
            }
            rocks.write(synced, batch);
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A document as one value: paths and cells, each behind its length. */
    private static byte[] joined(byte[] stored, DocumentState delta) {
        DocumentState state = DocumentState.empty();
        if (stored != null) {
            ByteBuffer in = ByteBuffer.wrap(stored);
            while (in.hasRemaining()) {
                String path = new String(bytes(in), UTF_8);
                state.join(dev.watersmeet.crdt.Path.parse(path), CellBytes.parse(bytes(in)));
            }
        }
        state.join(delta);
        List<byte[]> parts = new ArrayList<>();
        state.forEach((path, cell) -> {
            parts.add(path.utf8());
            parts.add(CellBytes.of(cell));
        });
        ByteBuffer out = ByteBuffer.allocate(
                parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum());
        parts.forEach(part -> out.putInt(part.length).put(part));
        return out.array();
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }

    @Override
    public long scan() {
        long cells = 0;
        try (RocksIterator iterator = rocks.newIterator()) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                if (iterator.key().length > 0 && iterator.value().length > 0) {
                    cells++;
                }
            }
        }
        return cells;
    }

    @Override
    public void compact() {
        try {
            rocks.compactRange();
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (int i = resources.size() - 1; i >= 0; i--) {
            resources.get(i).close();
        }
    }
}
