package dev.watersmeet.format;

import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary of paths while a batch is read (M-29). What every cell has to know of an entry is told by its beginning and held in a few bytes; more is made of an entry only when a document that is
 * not refused names it.
 */
final class PathDictionary {
    private final ColumnReader column;
    private final int[] starts;
    private final int[] lengths;
    private final Kind[] kinds;
    private final BitSet withReplica = new BitSet();
    private final BitSet used = new BitSet();
    private final @Nullable PathEntry[] entries;

    /** @param most how many entries can be of use */
    PathDictionary(ColumnReader column, long most) {
        this.column = column;
        int size = column.parts();
        BatchDictionaries.requireNoMore(size, most, column);
        starts = new int[size];
        lengths = new int[size];
        kinds = new Kind[size];
        entries = new @Nullable PathEntry[size];
        String last = null;
        for (int i = 0; i < size; i++) {
            lengths[i] = column.length();
            starts[i] = column.skip(lengths[i]);
            String text = text(i);
            BatchDictionaries.requireAscending(last == null || last.compareTo(text) < 0, column);
            Kind kind = BatchPaths.kind(text);
            kinds[i] = kind;
            withReplica.set(i, BatchPaths.hasReplica(text, kind));
            last = text;
        }
    }

    private String text(int index) {
        return column.text(starts[index], lengths[index]);
    }

    int size() {
        return starts.length;
    }

    /** Notes that a cell names an entry. */
    void use(int index) {
        used.set(index);
    }

    boolean allUsed() {
        return used.cardinality() == size();
    }

    Kind kind(int index) {
        return kinds[index];
    }

    /** Whether the paths of an entry end with a replica. */
    boolean hasReplica(int index) {
        return withReplica.get(index);
    }

    /**
     * The path of an entry that ends with a replica, if paths of this kind do.
     *
     * @throws dev.watersmeet.crdt.MalformedException if that is no path
     */
    Path path(int index, ReplicaId replica) {
        PathEntry entry = entries[index];
        if (entry == null) {
            entry = PathEntry.of(lengths[index], hasReplica(index), () -> text(index));
            entries[index] = entry;
        }
        return entry.path(replica);
    }
}
