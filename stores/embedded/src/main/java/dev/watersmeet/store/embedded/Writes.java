package dev.watersmeet.store.embedded;

import dev.watersmeet.crdt.CellBytes;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.embedded.Database.Family;
import dev.watersmeet.store.encoding.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The writes that there are, but those of purges. */
final class Writes {
    private final Database database;
    private final RandomGenerator random;
    private final Marks marks;
    private final HotCells hotCells;

    Writes(Database database, RandomGenerator random) {
        this.database = database;
        this.random = random;
        this.marks = new Marks(database);
        this.hotCells = new HotCells(database);
    }

    /** A batch: its cells, its entry of the log, its mark. */
    Write join(SpaceId id, Batch batch) {
        byte[] space = Keys.space(id);
        Encoder log = LogEntry.batch(batch.documents());
        List<Map.Entry<byte[], byte[]>> cells = new ArrayList<>();
        for (DocumentCells delta : batch.documents()) {
            byte[] document = Keys.document(space, delta.id());
            log.documentId(delta.id()).number(delta.cells().size());
            delta.cells().forEach((path, cell) -> {
                byte[] pathBytes = path.utf8();
                byte[] cellBytes = CellBytes.of(cell);
                log.bytes(pathBytes).bytes(cellBytes);
                cells.add(Map.entry(Keys.cell(document, pathBytes), cellBytes));
            });
        }
        byte[] entry = log.toBytes();
        @Nullable Mark mark = batch.mark();
        byte[] markKey = mark == null ? new byte[0] : Keys.mark(space, mark.replica());
        byte[] markBytes = mark == null ? new byte[0] : MarkBytes.of(mark);
        return Write.blind(space, entry.length + markBytes.length, (writes, before, now) -> {
            before.checkBasis(batch.basis());
            if (mark != null) {
                marks.join(writes, batch, mark, markKey, markBytes);
            }
            SpaceHead head = before.next(now);
            append(writes, space, head, entry);
            for (Map.Entry<byte[], byte[]> cell : cells) {
                hotCells.merge(writes, cell.getKey(), cell.getValue());
            }
            return head;
        });
    }

    /** Adds an entry of the log, which has the head's sequence and time. */
    void append(WriteBatch writes, byte[] space, SpaceHead head, byte[] entry) throws RocksDBException {
        LogEntry.setTime(entry, head.recorded());
        writes.put(database.handle(Family.LOG), Keys.entry(space, head.last()), entry);
    }

    /** Nothing but the space itself. */
    Write create(SpaceId id) {
        return Write.blind(Keys.space(id), 0, (writes, before, now) -> before);
    }

    /** A new epoch. */
    Write renewEpoch(SpaceId id) {
        return Write.blind(Keys.space(id), 0, (writes, before, now) -> before.withEpoch(random.nextLong(), now));
    }

    /** The end of a space, and of all that belongs to it. */
    Write delete(SpaceId id) {
        byte[] space = Keys.space(id);
        return Write.reading(space, (writes, before, now) -> {
            for (Family family : List.of(Family.CELLS, Family.LOG, Family.MARKS, Family.METADATA)) {
                writes.deleteRange(database.handle(family), space, Keys.end(space));
            }
            return null;
        });
    }
}
