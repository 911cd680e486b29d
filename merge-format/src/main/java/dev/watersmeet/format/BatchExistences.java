package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The existences of one document after the other while a batch is read (M-33). An existence is implied by the newest live cell of its replica, since the edit that wrote that cell wrote both; it is listed
 * only where it has another stamp.
 */
final class BatchExistences {
    private final BatchDictionaries dictionaries;
    private final @Nullable Stamp[] newest;
    private final @Nullable Stamp[] listed;
    private final @Nullable Path[] paths;
    private int[] touched = new int[4];
    private int count;

    BatchExistences(BatchDictionaries dictionaries) {
        this.dictionaries = dictionaries;
        newest = new @Nullable Stamp[dictionaries.replicas()];
        listed = new @Nullable Stamp[dictionaries.replicas()];
        paths = new @Nullable Path[dictionaries.replicas()];
    }

    /** Notes a live cell that is no existence. */
    void live(int replica, Stamp stamp) {
        Stamp known = newest[replica];
        if (known == null || stamp.isAfter(known)) {
            touch(replica);
            newest[replica] = stamp;
        }
    }

    /** Notes an existence that is listed. */
    void listed(int replica, Stamp stamp) {
        touch(replica);
        listed[replica] = stamp;
    }

    private void touch(int replica) {
        if (newest[replica] == null && listed[replica] == null) {
            if (count == touched.length) {
                touched = Arrays.copyOf(touched, 2 * count);
            }
            touched[count++] = replica;
        }
    }

    /**
     * Adds what is implied to a document's state, and goes on to the next document.
     *
     * @param bare whether the document says that nothing is
     * @throws MalformedException if more is listed than has to be
     */
    void end(DocumentState state, boolean bare) {
        boolean needed = false;
        for (int i = 0; i < count; i++) {
            int replica = touched[i];
            Stamp implied = newest[replica];
            Stamp stands = listed[replica];
            newest[replica] = null;
            listed[replica] = null;
            if (bare) {
                needed |= implied != null && stands == null;
            } else if (implied != null && stands == null) {
                state.join(path(replica), Cell.live(implied));
            } else if (implied != null && implied.equals(stands)) {
                throw MalformedException.of("an existence that is implied is not listed", implied.toString());
            }
        }
        count = 0;
        if (bare && !needed) {
            throw MalformedException.of("a document is bare only if an existence that would be implied is absent");
        }
    }

    private Path path(int replica) {
        Path path = paths[replica];
        if (path == null) {
            ReplicaId id = dictionaries.replica(replica);
            path = Path.existence(id);
            paths[replica] = path;
        }
        return path;
    }
}
