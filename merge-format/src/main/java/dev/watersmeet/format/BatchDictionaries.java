package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** The dictionaries of a batch while it is read (M-29): each entry once, in ascending order, and each of use. */
final class BatchDictionaries {
    private final List<String> collections = new ArrayList<>();
    private final List<ReplicaId> replicas = new ArrayList<>();
    private final List<PathEntry> paths = new ArrayList<>();
    private final BitSet usedCollections = new BitSet();
    private final BitSet usedReplicas = new BitSet();

    BatchDictionaries(Map<BatchColumn, ColumnReader> columns) {
        collections(BatchColumn.COLLECTIONS.of(columns));
        replicas(BatchColumn.REPLICAS.of(columns));
        paths(BatchColumn.PATHS.of(columns));
    }

    private void collections(ColumnReader column) {
        for (String last = null; !column.atEnd(); ) {
            String collection = column.text();
            requireAscending(last == null || last.compareTo(collection) < 0, column);
            collections.add(collection);
            last = collection;
        }
    }

    private void replicas(ColumnReader column) {
        for (ReplicaId last = null; !column.atEnd(); ) {
            ReplicaId replica = new ReplicaId(column.bits());
            requireAscending(last == null || last.compareTo(replica) < 0, column);
            replicas.add(replica);
            last = replica;
        }
    }

    private void paths(ColumnReader column) {
        for (String last = null; !column.atEnd(); ) {
            String path = column.text();
            requireAscending(last == null || last.compareTo(path) < 0, column);
            paths.add(new PathEntry(path));
            last = path;
        }
    }

    private static void requireAscending(boolean ascending, ColumnReader column) {
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

    int paths() {
        return paths.size();
    }

    PathEntry path(int index) {
        return paths.get(index);
    }

    /** Checks that no entry is there for nothing. */
    void end() {
        requireUsed(usedCollections.cardinality() == collections.size(), BatchColumn.COLLECTIONS);
        requireUsed(usedReplicas.cardinality() == replicas.size(), BatchColumn.REPLICAS);
        requireUsed(paths.stream().allMatch(PathEntry::used), BatchColumn.PATHS);
    }

    private static void requireUsed(boolean used, BatchColumn column) {
        if (!used) {
            throw MalformedException.of(
                    "every entry of a dictionary is used", "the batch's column of " + column.text());
        }
    }
}
