package dev.watersmeet.store.memory;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capabilities;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.store.Watchers;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The reference store: everything in memory, under one lock. For tests, and to be read by who writes a store. */
public final class MemoryStore implements Store {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SpaceId, MemorySpace> spaces = new HashMap<>();
    private final Watchers watchers = new Watchers();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final TimeSource time;
    private final Capabilities capabilities;
    private boolean closed;

    private MemoryStore(TimeSource time, Limits limits) {
        this.time = time;
        this.capabilities = new Capabilities(Set.of(Capability.PURGE), limits);
    }

    /** An empty store. */
    public static MemoryStore empty() {
        return empty(TimeSource.system(), Limits.ROOMY);
    }

    /** An empty store with a clock and limits of its own, for tests. */
    public static MemoryStore empty(TimeSource time, Limits limits) {
        return new MemoryStore(requireNonNull(time), requireNonNull(limits));
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        capabilities.limits().check(batch);
        Cursor cursor = inSpace(space, memory -> memory.join(batch, time.millis()));
        watchers.wake(space);
        return cursor;
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
        return inSpace(space, memory -> memory.read(documents));
    }

    @Override
    public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
        return inSpace(space, memory -> memory.mark(replica));
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        return inSpace(space, memory -> memory.changes(after, limit));
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        return inSpace(space, memory -> memory.check(cursor));
    }

    @Override
    public Cursor head(SpaceId space) {
        return inSpace(space, MemorySpace::head);
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        return inSpace(space, memory -> memory.scan(position, limit));
    }

    @Override
    public long count(SpaceId space) {
        return inSpace(space, MemorySpace::count);
    }

    @Override
    public Subscription watch(SpaceId space, Runnable listener) {
        return inSpace(space, memory -> watchers.add(space, listener));
    }

    @Override
    public Metadata metadata(SpaceId space) {
        return new Metadata() {
            @Override
            public Optional<String> get(String key) {
                return inSpace(space, memory -> Optional.ofNullable(memory.metadata.get(key)));
            }

            @Override
            public boolean compareAndSet(String key, @Nullable String expected, String value) {
                Metadata.checkLength(key, value);
                return inSpace(space, memory -> memory.compareAndSet(key, expected, value));
            }
        };
    }

    @Override
    public Maintenance maintenance() {
        return new Maintenance() {
            @Override
            public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
                return locked(() -> spaces.entrySet().stream()
                        .filter(entry -> entry.getValue().isWritten())
                        .map(Map.Entry::getKey)
                        .filter(space -> after == null || space.compareTo(after) > 0)
                        .sorted()
                        .limit(limit)
                        .toList());
            }

            @Override
            public void deleteSpace(SpaceId space) {
                locked(() -> Optional.ofNullable(spaces.remove(space)));
                watchers.wake(space);
            }

            @Override
            public Purged purge(SpaceId space, Instant before) {
                Purged purged = inSpace(space, memory -> memory.purge(before.toEpochMilli(), time.millis()));
                watchers.wake(space);
                return purged;
            }

            @Override
            public void renewEpoch(SpaceId space) {
                inSpace(space, memory -> {
                    memory.renewEpoch(random.nextLong(), time.millis());
                    return memory;
                });
                watchers.wake(space);
            }
        };
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        watchers.wakeAll();
    }

    private <T> T inSpace(SpaceId space, Function<MemorySpace, T> action) {
        return locked(() -> action.apply(spaces.computeIfAbsent(space, key -> new MemorySpace(random.nextLong()))));
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
            }
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
