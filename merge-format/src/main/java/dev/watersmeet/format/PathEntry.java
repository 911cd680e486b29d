package dev.watersmeet.format;

import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry of the dictionary of paths while a batch is read. Cells at the same path share one object. */
final class PathEntry {
    private final String text;
    private final Kind kind;
    private final boolean hasReplica;
    private final Map<ReplicaId, Path> paths = new HashMap<>();
    private @Nullable Path last;
    private @Nullable ReplicaId lastReplica;
    private boolean used;

    PathEntry(String text) {
        this.text = text;
        this.kind = BatchPaths.kind(text);
        this.hasReplica = BatchPaths.hasReplica(text, kind);
    }

    String text() {
        return text;
    }

    Kind kind() {
        return kind;
    }

    boolean hasReplica() {
        return hasReplica;
    }

    void use() {
        used = true;
    }

    boolean used() {
        return used;
    }

    /**
     * The path that ends with a replica, if paths of this kind do.
     *
     * @throws dev.watersmeet.crdt.MalformedException if that is no path
     */
    Path path(ReplicaId replica) {
        Path path = last;
        if (path == null || (hasReplica && !replica.equals(lastReplica))) {
            path = hasReplica
                    ? paths.computeIfAbsent(replica, absent -> BatchPaths.path(text, absent))
                    : BatchPaths.path(text);
            last = path;
            lastReplica = replica;
        }
        return path;
    }
}
