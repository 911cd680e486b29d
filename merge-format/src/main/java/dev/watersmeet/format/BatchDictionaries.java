package dev.watersmeet.format;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * The dictionaries of a batch while it is read (M-29): each entry once, in ascending order, and each of use. An entry that nobody can use, since there are too few documents or cells for it, is refused
 * before anything is made of it.
 */
final class BatchDictionaries {
    private static final int REPLICAS_OF_A_CELL = 2; // its stamp's, and its path's
    private static final int MAX_COLLECTION_BYTES = 3 * DocumentId.MAX_COLLECTION_LENGTH;

    private final List<String> collections = new ArrayList<>();
    private final List<ReplicaId> replicas = new ArrayList<>();
    private final PathDictionary paths;
    private final BitSet usedCollections = new BitSet();
    private final BitSet usedReplicas = new BitSet();

    BatchDictionaries(Map<BatchColumn, ColumnReader> columns) {
        // Each document and each cell takes at least one byte of these columns.
        long documents = BatchColumn.DOCUMENT_ID_LENGTHS.of(columns).left();
        long cells = BatchColumn.CELL_PATHS.of(columns).left();
        collections(BatchColumn.COLLECTIONS.of(columns), documents);
        replicas(BatchColumn.REPLICAS.of(columns), REPLICAS_OF_A_CELL * cells);
        paths = new PathDictionary(BatchColumn.PATHS.of(columns), cells);
    }

    private void collections(ColumnReader column, long most) {
        requireNoMore(column.parts(), most, column);
        for (String last = null; !column.atEnd(); ) {
            String collection = column.text(MAX_COLLECTION_BYTES);
            requireAscending(last == null || last.compareTo(collection) < 0, column);
            collections.add(collection);
            last = collection;
        }
    }

    private void replicas(ColumnReader column, long most) {
        requireNoMore(column.left() / Long.BYTES, most, column);
        for (ReplicaId last = null; !column.atEnd(); ) {
            ReplicaId replica = new ReplicaId(column.bits());
            requireAscending(last == null || last.compareTo(replica) < 0, column);
            replicas.add(replica);
            last = replica;
        }
    }

    /** Checks that a dictionary has no more entries than there can be uses. */
    static void requireNoMore(long entries, long most, ColumnReader column) {
        if (entries > most) {
            throw column.malformed("it has " + entries + " entries, of which at most " + most + " can be used");
        }
    }

    static void requireAscending(boolean ascending, ColumnReader column) {
        if (!ascending) {
            throw column.malformed("the entries of a dictionary ascend");
        }
    }

    String collection(RunReader column) {
        int index = column.index(collections.size());
        usedCollections.set(index);
        return collections.get(index);
    }

    int replicas() {
        return replicas.size();
    }

    ReplicaId replica(int index) {
        return replicas.get(index);
    }

    void useReplica(int index) {
        usedReplicas.set(index);
    }

    PathDictionary paths() {
        return paths;
    }

    /** Checks that no entry is there for nothing. */
    void end() {
        requireUsed(usedCollections.cardinality() == collections.size(), BatchColumn.COLLECTIONS);
        requireUsed(usedReplicas.cardinality() == replicas.size(), BatchColumn.REPLICAS);
        requireUsed(paths.allUsed(), BatchColumn.PATHS);
    }

    private static void requireUsed(boolean used, BatchColumn column) {
        if (!used) {
            throw MalformedException.of(
                    "every entry of a dictionary is used", "the batch's column of " + column.text());
        }
    }
}
