package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongPredicate;
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
                tryTrimAll(space, held, Math.max(1, Math.min(CHUNK, entries / 2)));
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
                    space, () -> tryTrim(space, heads.refresh(space), recorded -> recorded < horizon));
        }
    }

    /** Deletes the whole log, and begins a new epoch with it. */
    void renew(Space space) {
        while (heads.untilCommitted(space, () -> tryRenew(space))) {
            heads.untilCommitted(space, () -> tryTrimAll(space, heads.refresh(space), CHUNK));
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

    /** Deletes entries whatever their time is, without reading more than how long they are. Whether there may be more; empty if somebody else was faster. */
    private Optional<Boolean> tryTrimAll(Space space, Held held, long most) {
        List<String> oldest = oldest(held, most);
        if (oldest.isEmpty()) {
            return Optional.of(false);
        }
        @Nullable Node last = ensemble.get(oldest.get(oldest.size() - 1));
        List<@Nullable Integer> lengths = ensemble.lengths(oldest);
        if (last == null || lengths.contains(null)) {
            return Optional.empty();
        }
        long bytes = lengths.stream().mapToLong(Objects::requireNonNull).sum();
        return delete(space, held, oldest, Entry.recorded(last.data()), bytes).map(done -> oldest.size() == most);
    }

    /** Deletes entries that are old. Whether there may be more; empty if somebody else was faster. */
    private Optional<Boolean> tryTrim(Space space, Held held, LongPredicate old) {
        List<String> oldest = oldest(held, CHUNK);
        List<@Nullable Node> nodes = oldest.isEmpty() ? List.of() : ensemble.getAll(oldest);
        long trimmed = 0;
        long bytes = 0;
        int count = 0;
        for (@Nullable Node node : nodes) {
            if (node == null) {
                return Optional.empty();
            }
            long recorded = Entry.recorded(node.data());
            if (!old.test(recorded)) {
                break;
            }
            trimmed = recorded;
            bytes += node.data().length;
            count++;
        }
        if (count == 0) {
            return Optional.of(false);
        }
        boolean more = count == CHUNK;
        return delete(space, held, oldest.subList(0, count), trimmed, bytes).map(done -> more);
    }

    /** Where the oldest entries are; none if the space is not alive. */
    private List<String> oldest(Held held, long most) {
        List<String> oldest = new ArrayList<>();
        Head head = held.head();
        for (long number = head.first(); held.alive() && number <= head.number() && oldest.size() < most; number++) {
            oldest.add(paths.entry(held.life(), number));
        }
        return oldest;
    }

    private Optional<Held> delete(Space space, Held held, List<String> oldest, long lastRecorded, long bytes) {
        Commit commit = heads.commit();
        oldest.forEach(entry -> commit.delete(entry, -1));
        long first = held.head().first() + oldest.size();
        return heads.commit(space, held, held.head().trimmedTo(first, lastRecorded, bytes), commit);
    }
}
