package dev.watersmeet.store.drill;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.processlogs.SpaceKey;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The spaces whose cells are in this process's memory: as many as there is room for. Makes their bases in a thread of its own. Thread-safe. */
final class Spaces implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spaces.class);
    /** A space that is read takes memory also without cells. */
    private static final int MAX_SPACES = 10_000;

    private static final long CLOSE_SECONDS = 60;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

    private final Function<SpaceKey, SpaceFolder> opening;
    private final long maxBytes;
    /** The one that was used longest ago comes first. */
    private final Map<SpaceKey, Loaded> loaded = new LinkedHashMap<>(16, 0.75f, true);
    /** Those that are put on the disk to be forgotten: until that is done who uses one uses it as it is. */
    private final Map<SpaceKey, Loaded> leaving = new HashMap<>();
    /** The bytes of all that are loaded, as they were counted last. */
    private long bytes;

    private final Set<SpaceKey> compacting = new HashSet<>();
    /** Until when no base is tried to be made, after one could not; by {@link System#nanoTime}. */
    private final Map<SpaceKey, Long> paused = new HashMap<>();

    private final ExecutorService compaction = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "watersmeet-compaction");
        thread.setDaemon(true);
        return thread;
    });

    /** A space with how many bytes it had after it was used last, which counts until it is used again. */
    private static final class Loaded {
        final SpaceKey key;
        final SpaceFolder folder;
        long bytes;

        Loaded(SpaceKey key, SpaceFolder folder) {
            this.key = key;
            this.folder = folder;
        }
    }

    Spaces(Function<SpaceKey, SpaceFolder> opening, long maxBytes) {
        this.opening = opening;
        this.maxBytes = maxBytes;
    }

    /** A space that is about to be used, which is {@linkplain #used noted} afterwards. */
    synchronized SpaceFolder get(SpaceKey key) {
        @Nullable Loaded going = leaving.get(key);
        return going == null
                ? loaded.computeIfAbsent(key, name -> new Loaded(name, opening.apply(name))).folder
                : going.folder;
    }

    /** Notes how many bytes a space has by now, and forgets others for which there is no room. */
    void used(SpaceKey key) {
        note(key);
        for (@Nullable Loaded oldest = letOldestLeave(); oldest != null && forget(oldest); oldest = letOldestLeave()) {
            // until there is room
        }
    }

    private synchronized void note(SpaceKey key) {
        @Nullable Loaded space = loaded.get(key);
        if (space != null) {
            long now = space.folder.bytes();
            bytes += now - space.bytes;
            space.bytes = now;
        }
    }

    /** Takes the space that was used longest ago out of those that count, if there is no room for all. */
    private synchronized @Nullable Loaded letOldestLeave() {
        if (loaded.size() <= MAX_SPACES && (loaded.size() <= 1 || bytes <= maxBytes)) {
            return null;
        }
        Loaded oldest = loaded.values().iterator().next();
        remove(oldest.key);
        leaving.put(oldest.key, oldest);
        return oldest;
    }

    /**
     * Forgets a space that leaves, which waits for the disk: others go on meanwhile. Who uses it at this moment goes on with what it has; its journal stays.
     *
     * @return false if it has something that cannot be put on the disk
     */
    private boolean forget(Loaded space) {
        boolean gone = false;
        try {
            space.folder.retire();
            gone = true;
        } catch (IOException e) {
            LOG.warn(
                    "what was written to {} cannot be put on the disk now, so it stays in memory",
                    space.key.space(),
                    e);
        } finally {
            end(space, gone);
        }
        return gone;
    }

    private synchronized void end(Loaded space, boolean gone) {
        boolean erased = !leaving.remove(space.key, space);
        if (!gone && !erased) {
            loaded.put(space.key, space);
            bytes += space.bytes;
        }
    }

    /** The lives of a space that are in memory. */
    synchronized List<SpaceFolder> loaded(SpaceId space) {
        return Stream.of(loaded, leaving)
                .flatMap(some -> some.values().stream())
                .filter(life -> life.key.space().equals(space))
                .map(life -> life.folder)
                .toList();
    }

    private void remove(SpaceKey key) {
        @Nullable Loaded space = loaded.remove(key);
        bytes -= space == null ? 0 : space.bytes;
    }

    /** Forgets what is in memory of a space that was erased. */
    synchronized void erased(SpaceKey key) {
        remove(key);
        leaving.remove(key);
    }

    /** Refuses to write to a space that has no room, by itself. */
    synchronized void requireRoom(SpaceKey key, long more) {
        SpaceFolder folder = get(key);
        if (folder.bytes() + more > maxBytes) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    key.space() + " has " + folder.bytes() + " bytes of cells and log, and this store keeps at most "
                            + maxBytes
                            + " bytes in memory: give the server more memory and raise the bound, or purge the space");
        }
    }

    void compactIfLong(SpaceKey key) {
        SpaceFolder folder = get(key);
        if (!folder.isLong()) {
            return;
        }
        synchronized (this) {
            long pause = paused.getOrDefault(key, System.nanoTime()) - System.nanoTime();
            if (compaction.isShutdown() || pause > 0 || !compacting.add(key)) {
                return;
            }
            compaction.execute(() -> compact(key, folder));
        }
    }

    private void compact(SpaceKey key, SpaceFolder folder) {
        boolean failed = true;
        try {
            folder.compact();
            failed = false;
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "no base could be made of {}; its journals stay, and it is tried again in {}",
                    key.space(),
                    PAUSE_AFTER_FAILURE,
                    e);
        } finally {
            synchronized (this) {
                compacting.remove(key);
                paused.remove(key);
                if (failed) {
                    paused.put(key, System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos());
                }
            }
        }
    }

    /** Something that is done in the thread of this. */
    @FunctionalInterface
    interface Chore {
        /**
         * Does it.
         *
         * @param wanted whether it is to go on
         */
        void run(BooleanSupplier wanted) throws IOException;
    }

    /** Has something done some time. */
    void later(String whatIfNot, Chore chore) {
        compaction.execute(() -> {
            try {
                chore.run(() -> !compaction.isShutdown());
            } catch (IOException | RuntimeException e) {
                LOG.warn(whatIfNot, e);
            }
        });
    }

    @Override
    public void close() {
        compaction.shutdown();
        try {
            if (!compaction.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a base is still being made; it is given up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
