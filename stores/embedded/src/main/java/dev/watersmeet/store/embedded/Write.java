package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.embedded.Database.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What one caller wants written: encoded on the caller's thread, numbered and written by the committer. */
final class Write {
    /** The longest entry of the log, in bytes. */
    static final int MAX_ENTRY_BYTES = 64 << 20;

    private final byte[] space;
    private final List<Map.Entry<byte[], byte[]>> cells;
    private final byte @Nullable [] entry;
    private final Map.@Nullable Entry<byte[], byte[]> mark;
    private final CompletableFuture<SpaceHead> done = new CompletableFuture<>();

    private Write(
            byte[] space,
            List<Map.Entry<byte[], byte[]>> cells,
            byte @Nullable [] entry,
            Map.@Nullable Entry<byte[], byte[]> mark) {
        this.space = space;
        this.cells = cells;
        this.entry = entry;
        this.mark = mark;
    }

    /** A batch: its cells, its entry of the log, its mark. */
    static Write of(SpaceId id, Batch batch) {
        byte[] space = Keys.space(id);
        byte[] entry = LogEntry.of(batch.documents());
        if (entry.length > MAX_ENTRY_BYTES) {
            throw new StoreException(
                    StoreException.Kind.TOO_LARGE,
                    "a batch has at most " + MAX_ENTRY_BYTES + " bytes; found " + entry.length);
        }
        List<Map.Entry<byte[], byte[]>> cells = new ArrayList<>();
        for (DocumentCells delta : batch.documents()) {
            byte[] document = Keys.document(space, delta.id());
            delta.cells().forEach((path, cell) -> cells.add(Map.entry(Keys.cell(document, path), CellBytes.of(cell))));
        }
        Map.Entry<byte[], byte[]> mark = batch.mark() == null
                ? null
                : Map.entry(Keys.mark(space, batch.mark().replica()), MarkBytes.of(batch.mark()));
        return new Write(space, cells, entry, mark);
    }

    /** Nothing but the space itself. */
    static Write create(SpaceId id) {
        return new Write(Keys.space(id), List.of(), null, null);
    }

    byte[] space() {
        return space;
    }

    int bytes() {
        return entry == null ? 0 : entry.length;
    }

    /**
     * Adds this to what is written next.
     *
     * @return the head of the space's log after this
     */
    SpaceHead addTo(WriteBatch batch, Database database, SpaceHead before) throws RocksDBException {
        if (entry == null) {
            return before;
        }
        SpaceHead head = before.next();
        batch.put(database.handle(Family.LOG), Keys.entry(space, head.last()), entry);
        for (Map.Entry<byte[], byte[]> cell : cells) {
            batch.merge(database.handle(Family.CELLS), cell.getKey(), cell.getValue());
        }
        if (mark != null) {
            batch.put(database.handle(Family.MARKS), mark.getKey(), mark.getValue());
        }
        return head;
    }

    void complete(SpaceHead head) {
        done.complete(head);
    }

    void fail(Throwable cause) {
        done.completeExceptionally(cause);
    }

    /** Waits until this is written, also when the thread is interrupted: the outcome is then known. */
    SpaceHead await() {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw Database.failure(cause);
            }
            throw e;
        }
    }
}
