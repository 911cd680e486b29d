package dev.watersmeet.format;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the dictionary of paths that cells are made of. Cells at the same path share one object. Whether there is such a path does not depend on the replica at its end: what is none is parsed
 * once, however many documents name it.
 */
final class PathEntry {
    private final String text;
    private final boolean hasReplica;
    private final Map<ReplicaId, Path> paths = new HashMap<>();
    private @Nullable Path last;
    private @Nullable ReplicaId lastReplica;
    private @Nullable MalformedException failure;

    private PathEntry(String text, boolean hasReplica) {
        this.text = text;
        this.hasReplica = hasReplica;
    }

    /**
     * An entry.
     *
     * @param bytes how long its text is; if no path is as long, the text is not asked for
     */
    static PathEntry of(int bytes, boolean hasReplica, Supplier<String> text) {
        if (bytes <= Path.MAX_BYTES) {
            return new PathEntry(text.get(), hasReplica);
        }
        PathEntry none = new PathEntry("", hasReplica);
        none.failure = MalformedException.of(
                "a path has at most " + Path.MAX_BYTES + " bytes of canonical text, not " + bytes);
        return none;
    }

    /**
     * The path that ends with a replica, if paths of this kind do.
     *
     * @throws MalformedException if that is no path; the same one each time
     */
    Path path(ReplicaId replica) {
        Path path = last;
        if (path == null || (hasReplica && !replica.equals(lastReplica))) {
            path = find(replica);
            last = path;
            lastReplica = replica;
        }
        return path;
    }

    private Path find(ReplicaId replica) {
        if (failure != null) {
            throw failure;
        }
        try {
            return hasReplica
                    ? paths.computeIfAbsent(replica, absent -> BatchPaths.path(text, absent))
                    : BatchPaths.path(text);
        } catch (MalformedException e) {
            failure = e;
            throw e;
        }
    }
}
