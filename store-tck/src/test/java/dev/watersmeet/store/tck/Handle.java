package dev.watersmeet.store.tck;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capabilities;
import dev.watersmeet.store.Capability;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.Subscription;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A store by way of another, which stays open when this is closed. */
class Handle implements Store {
    private final Store data;
    private final Queue<Runnable> listeners = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Handle(Store data) {
        this.data = data;
    }

    /** The other store, while this is open. */
    final Store data() {
        if (closed) {
            throw new StoreException(StoreException.Kind.CLOSED, "the handle is closed");
        }
        return data;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                EnumSet.allOf(Capability.class), data.capabilities().limits());
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        return data().join(space, batch);
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
        return data().read(space, documents);
    }

    @Override
    public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
        return data().mark(space, replica);
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        return data().changes(space, after, limit);
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        return data().check(space, cursor);
    }

    @Override
    public Cursor head(SpaceId space) {
        return data().head(space);
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        return data().scan(space, position, limit);
    }

    @Override
    public long count(SpaceId space) {
        return data().count(space);
    }

    @Override
    public Subscription watch(SpaceId space, Runnable listener) {
        listeners.add(listener);
        return data().watch(space, listener);
    }

    @Override
    public Metadata metadata(SpaceId space) {
        return new Metadata() {
            @Override
            public Optional<String> get(String key) {
                return data().metadata(space).get(key);
            }

            @Override
            public boolean compareAndSet(String key, @Nullable String expected, String value) {
                return data().metadata(space).compareAndSet(key, expected, value);
            }
        };
    }

    @Override
    public Maintenance maintenance() {
        return new HandleMaintenance();
    }

    /** The other store's maintenance, while this is open. */
    class HandleMaintenance implements Maintenance {
        @Override
        public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
            return data().maintenance().spaces(after, limit);
        }

        @Override
        public void deleteSpace(SpaceId space) {
            data().maintenance().deleteSpace(space);
        }

        @Override
        public Purged purge(SpaceId space, Instant before) {
            return data().maintenance().purge(space, before);
        }

        @Override
        public void renewEpoch(SpaceId space) {
            data().maintenance().renewEpoch(space);
        }
    }

    @Override
    public void close() {
        closed = true;
        listeners.forEach(Runnable::run);
    }
}
