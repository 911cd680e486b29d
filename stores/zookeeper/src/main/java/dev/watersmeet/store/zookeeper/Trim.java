package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Deletes the oldest entries of logs. Thread-safe. */
final class Trim {
    private static final int CHUNK = 32;

    private final Ensemble ensemble;
    private final Paths paths;
    private final Heads heads;
    private final Bounds bounds;

    Trim(Ensemble ensemble, Paths paths, Heads heads, Bounds bounds) {
        this.ensemble = ensemble;
        this.paths = paths;
        this.heads = heads;
        this.bounds = bounds;
    }

    /** Deletes some entries if there are too many. If that fails, the next batch's does. */
    void keepWithin(Space space, Held held) {
        Head head = held.head();
        long entries = head.number() - head.first() + 1;
        if (entries > bounds.logEntries() || head.size().logBytes() > bounds.logBytes()) {
            try {
                tryTrim(space, held, Math.max(1, Math.min(CHUNK, entries / 2)), entry -> true);
            } catch (StoreException e) {
                if (!e.retryable()) {
                    throw e;
                }
            }
        }
    }

    /** Deletes the entries that were recorded before a time. */
    void before(Space space, long horizon) {
        boolean more = true;
        while (more) {
            more = heads.untilCommitted(
                    space, () -> tryTrim(space, heads.refresh(space), CHUNK, entry -> entry.recorded() < horizon));
        }
    }

    /** Deletes the whole log, and begins a new epoch with it. */
    void renew(Space space) {
        while (heads.untilCommitted(space, () -> tryRenew(space))) {
            heads.untilCommitted(space, () -> tryTrim(space, heads.refresh(space), CHUNK, entry -> true));
        }
    }

    /** Whether something is to be deleted first; empty if somebody else was faster. */
    private Optional<Boolean> tryRenew(Space space) {
        Held held = heads.alive(space);
        Head head = held.head();
        if (head.first() <= head.number()) {
            return Optional.of(true);
        }
        return heads.commit(space, held, head.withEpoch(heads.draw(), heads.now()), heads.commit())
                .map(renewed -> false);
    }

    /** Whether there may be more; empty if somebody else was faster. */
    private Optional<Boolean> tryTrim(Space space, Held held, long most, Predicate<Entry> old) {
        Head head = held.head();
        if (!held.alive()) {
            return Optional.of(false);
        }
        List<String> oldest = new ArrayList<>();
        for (long number = head.first(); number <= head.number() && oldest.size() < most; number++) {
            oldest.add(paths.entry(held.life(), number));
        }
        List<@Nullable Node> nodes = ensemble.getAll(oldest);
        Commit commit = heads.commit();
        long trimmed = head.trimmed();
        long bytes = 0;
        int count = 0;
        for (@Nullable Node node : nodes) {
            if (node == null) {
                return Optional.empty();
            }
            Entry entry = Entry.parse(node.data());
            if (!old.test(entry)) {
                break;
            }
            trimmed = entry.recorded();
            bytes += node.data().length;
            commit.delete(oldest.get(count++), -1);
        }
        if (count == 0) {
            return Optional.of(false);
        }
        boolean more = count == most;
        return heads.commit(space, held, head.trimmedTo(head.first() + count, trimmed, bytes), commit)
                .map(done -> more);
    }
}
