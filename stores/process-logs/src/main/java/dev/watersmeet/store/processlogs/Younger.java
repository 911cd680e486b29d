package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.StoreException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which cells of some documents were brought at or after a purge's horizon, by the time of the logs, which are looked through once, and then as they go on. */
final class Younger {
    private static final int CHUNK = 200;

    private final Backend backend;
    private final Turns turns;
    private final SpaceKey key;
    private final long horizon;
    private final Recorded recorded;
    private final Map<DocumentId, Set<Path>> brought = new HashMap<>();
    private long generation;
    private VersionVector read = VersionVector.EMPTY;

    private Younger(Backend backend, Turns turns, Held open, long horizon) {
        this.backend = backend;
        this.turns = turns;
        this.key = open.key();
        this.horizon = horizon;
        this.recorded = new Recorded(backend, open.key());
        this.generation = open.control().oldest();
    }

    /** Begins with the oldest generation. */
    static Younger of(Backend backend, Turns turns, Held open, long horizon, Collection<DocumentId> documents) {
        Younger younger = new Younger(backend, turns, open, horizon);
        documents.forEach(id -> younger.brought.put(id, new HashSet<>()));
        return younger;
    }

    /** Goes on to look through the logs, up to where those of the open generation end. */
    void readTo(Held open, VersionVector ends) {
        while (generation < open.control().generation()) {
            readEnded();
        }
        readLogs(open.control().logs(), ends);
        read = read.join(ends);
    }

    private void readEnded() {
        Turn turn = turns.ended(key, generation).orElseThrow(Younger::trimmed);
        if (turn.lastRecorded() >= horizon) {
            readLogs(turn.logs(), turn.cut());
        }
        generation++;
        read = VersionVector.EMPTY;
    }

    private void readLogs(List<Long> logs, VersionVector ends) {
        for (int log = 0; log < logs.size(); log++) {
            readLog(logs.get(log), read.get(log), ends.get(log));
        }
    }

    private void readLog(long log, long from, long end) {
        long after = from == 0 ? recorded.lastBefore(log, end, horizon) : from;
        while (after < end) {
            List<byte[]> entries = backend.entries(key, log, after, (int) Math.min(CHUNK, end - after));
            if (entries.isEmpty()) {
                throw trimmed();
            }
            after += entries.size();
            entries.stream().filter(bytes -> bytes.length > 0).map(Entry::parse).forEach(this::note);
        }
    }

    private static StoreException trimmed() {
        return new StoreException(
                StoreException.Kind.UNAVAILABLE, "another purge was faster; purge again if it was of something else");
    }

    private void note(Entry entry) {
        if (entry.recorded() >= horizon) {
            for (DocumentCells delta : entry.documents()) {
                @Nullable Set<Path> paths = brought.get(delta.id());
                if (paths != null) {
                    paths.addAll(delta.cells().cells().keySet());
                }
            }
        }
    }

    /** Whether a cell of one of the documents was recorded before the horizon. */
    boolean isOld(DocumentId document, Path path) {
        return !Objects.requireNonNull(brought.get(document)).contains(path);
    }
}
