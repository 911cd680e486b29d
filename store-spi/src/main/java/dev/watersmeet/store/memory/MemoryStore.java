package dev.watersmeet.store.memory;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.store.Watchers;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The reference store: everything in memory, under one lock. For tests, and to be read by who writes a store. */
public final class MemoryStore implements Store {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SpaceId, MemorySpace> spaces = new HashMap<>();
    private final Watchers watchers = new Watchers();
    private final RandomGenerator random;
    private boolean closed;

    private MemoryStore(RandomGenerator random) {
        this.random = random;
    }

    /** An empty store. */
    public static MemoryStore empty() {
        return new MemoryStore(RandomGenerator.getDefault());
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        Cursor cursor = inSpace(space, memory -> memory.join(batch));
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
                return inSpace(space, memory -> memory.compareAndSet(key, expected, value));
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

    private <T> T inSpace(SpaceId space, java.util.function.Function<MemorySpace, T> action) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
            }
            return action.apply(spaces.computeIfAbsent(space, key -> new MemorySpace(random.nextLong())));
        } finally {
            lock.unlock();
        }
    }
}
