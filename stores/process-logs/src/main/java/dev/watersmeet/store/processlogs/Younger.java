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

/** Which cells of some documents were brought at or after a purge's horizon, by the time of the logs. */
final class Younger {
    private static final int CHUNK = 200;

    private final Backend backend;
    private final Turns turns;
    private final Held open;
    private final long horizon;
    private final Recorded recorded;
    private final Map<DocumentId, Set<Path>> brought = new HashMap<>();
    private VersionVector read = VersionVector.EMPTY;

    private Younger(Backend backend, Turns turns, Held open, long horizon) {
        this.backend = backend;
        this.turns = turns;
        this.open = open;
        this.horizon = horizon;
        this.recorded = new Recorded(backend, open.key());
    }

    /** Looks through the generations before the one that is open. */
    static Younger of(Backend backend, Turns turns, Held open, long horizon, Collection<DocumentId> documents) {
        Younger younger = new Younger(backend, turns, open, horizon);
        documents.forEach(id -> younger.brought.put(id, new HashSet<>()));
        for (long generation = open.control().oldest();
                generation < open.control().generation();
                generation++) {
            younger.readEnded(generation);
        }
        return younger;
    }

    private void readEnded(long generation) {
        Turn turn = turns.ended(open.key(), generation).orElseThrow(Younger::trimmed);
        if (turn.lastRecorded() >= horizon) {
            for (int log = 0; log < turn.logs().size(); log++) {
                readLog(turn.logs().get(log), 0, turn.cut().get(log));
            }
        }
    }

    /** Goes on to look through the logs of the open generation. */
    void readTo(VersionVector ends) {
        List<Long> logs = open.control().logs();
        for (int log = 0; log < logs.size(); log++) {
            readLog(logs.get(log), read.get(log), ends.get(log));
        }
        read = read.join(ends);
    }

    private void readLog(long log, long from, long end) {
        long after = from == 0 ? recorded.lastBefore(log, end, horizon) : from;
        while (after < end) {
            List<byte[]> entries = backend.entries(open.key(), log, after, (int) Math.min(CHUNK, end - after));
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
