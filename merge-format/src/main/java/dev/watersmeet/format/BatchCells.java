package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the columns of cells, one document after the other (M-31, M-34). */
final class BatchCells {
    private final BatchDictionaries dictionaries;
    private final PathDictionary entries;
    private final BatchExistences existences;
    private final BatchStamps stamps;
    private final byte[] bytes;
    private final ColumnReader paths;
    private final RunReader removals;
    private final RunReader pathReplicas;
    private final ColumnReader valueLengths;
    private final ColumnReader values;
    private @Nullable Fault fault;

    BatchCells(byte[] bytes, Map<BatchColumn, ColumnReader> columns, BatchDictionaries dictionaries) {
        this.bytes = bytes;
        this.dictionaries = dictionaries;
        entries = dictionaries.paths();
        existences = new BatchExistences(dictionaries);
        stamps = new BatchStamps(columns, dictionaries);
        paths = BatchColumn.CELL_PATHS.of(columns);
        removals = new RunReader(BatchColumn.CELL_REMOVED.of(columns));
        pathReplicas = new RunReader(BatchColumn.PATH_REPLICAS.of(columns));
        valueLengths = BatchColumn.VALUE_LENGTHS.of(columns);
        values = BatchColumn.VALUES.of(columns);
    }

    /** Checks that all has been read. */
    void end() {
        paths.end();
        removals.end();
        stamps.end();
        pathReplicas.end();
        valueLengths.end();
        values.end();
    }

    /** What is wrong with the document that was read last, if anything. */
    @Nullable
    Fault fault() {
        return fault;
    }

    /**
     * Reads the cells of the next document. They are passed by, and not kept, from where there is something wrong with it.
     *
     * @param count how many are listed
     * @param maxCells how many a document may have
     * @param bare whether existences are not left out
     * @param place of the document, for errors
     */
    DocumentState document(long count, int maxCells, boolean bare, String place) {
        DocumentState state = DocumentState.empty();
        fault = count > maxCells ? Fault.tooManyCells(place, maxCells) : null;
        int lastPath = 0;
        int lastReplica = -1;
        for (long i = 0; i < count; i++) {
            long step = paths.integer();
            int path = paths.index(lastPath + step, entries.size());
            boolean hasReplica = entries.hasReplica(path);
            boolean removed = removals.next(1) == 1;
            Stamp stamp = stamps.next();
            int replica = hasReplica ? pathReplica() : stamps.replica();
            if (step == 0 && i > 0 && (!hasReplica || replica <= lastReplica)) {
                throw paths.malformed("the cells of a document ascend by their paths, each of them once");
            }
            Value value = value(entries.kind(path), removed, place, i);
            note(path, replica, stamp, removed);
            if (fault == null) {
                join(state, path, replica, new Cell(stamp, removed, value), place, i);
            }
            lastPath = path;
            lastReplica = replica;
        }
        existences.end(state, bare);
        if (fault == null && state.size() > maxCells) {
            fault = Fault.tooManyCells(place, maxCells);
        }
        return state;
    }

    /** The replica at a path's end: the stamp's, unless it is said to be another. */
    private int pathReplica() {
        int other = pathReplicas.next(dictionaries.replicas());
        if (other == 0) {
            return stamps.replica();
        }
        int replica = other - 1;
        if (replica == stamps.replica()) {
            throw pathReplicas.malformed("the replica of a path is named only if it is not the stamp's");
        }
        dictionaries.useReplica(replica);
        return replica;
    }

    private void note(int path, int replica, Stamp stamp, boolean removed) {
        entries.use(path);
        if (entries.kind(path) == Kind.EXISTENCE) {
            existences.listed(replica, stamp);
        } else if (!removed) {
            existences.live(stamps.replica(), stamp);
        }
    }

    private void join(DocumentState state, int path, int replica, Cell cell, String place, long index) {
        try {
            state.join(entries.path(path, dictionaries.replica(replica)), cell);
        } catch (MalformedException e) {
            fault = Fault.malformed(place + "/cells/" + index, e);
        }
    }

    /** The value of a cell, if its kind has one; null also where nothing more is kept of the document. */
    private @Nullable Value value(Kind kind, boolean removed, String place, long index) {
        if (!BatchPaths.hasValue(kind, removed)) {
            return null;
        }
        int length = valueLength();
        int from = values.skip(length);
        if (fault != null) {
            return null;
        }
        try {
            return CanonicalText.value(bytes, from, length, values);
        } catch (MalformedException e) {
            fault = Fault.malformed(place + "/cells/" + index, e);
            return null;
        }
    }

    private int valueLength() {
        long length = valueLengths.integer();
        if (length == 0 || length > Integer.MAX_VALUE) {
            throw valueLengths.malformed("a value of " + length + " bytes");
        }
        return (int) length;
    }
}
