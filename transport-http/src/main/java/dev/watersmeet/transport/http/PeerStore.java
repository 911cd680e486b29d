package dev.watersmeet.transport.http;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Capabilities;
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
import dev.watersmeet.store.Subscription;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store that tells the peers of what was changed through it, and whose listeners they wake. All else is the store's own. */
final class PeerStore implements Store {
    private final Store store;
    private final Peers peers;

    PeerStore(Store store, Peers peers) {
        this.store = requireNonNull(store);
        this.peers = requireNonNull(peers);
    }

    @Override
    public Capabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        Cursor cursor = store.join(space, batch);
        peers.changed(space);
        return cursor;
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
        return store.read(space, documents);
    }

    @Override
    public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
        return store.mark(space, replica);
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        return store.changes(space, after, limit);
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        return store.check(space, cursor);
    }

    @Override
    public Cursor head(SpaceId space) {
        return store.head(space);
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        return store.scan(space, position, limit);
    }

    @Override
    public long count(SpaceId space) {
        return store.count(space);
    }

    /** The listener is called by the store, and when a peer has told of the space. */
    @Override
    public Subscription watch(SpaceId space, Runnable listener) {
        Subscription own = store.watch(space, listener);
        Subscription told = peers.watchers().add(space, listener);
        return () -> {
            told.close();
            own.close();
        };
    }

    @Override
    public Metadata metadata(SpaceId space) {
        return store.metadata(space);
    }

    @Override
    public Maintenance maintenance() {
        Maintenance maintenance = store.maintenance();
        return new Maintenance() {
            @Override
            public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
                return maintenance.spaces(after, limit);
            }

            @Override
            public void deleteSpace(SpaceId space) {
                maintenance.deleteSpace(space);
                peers.changed(space);
            }

            @Override
            public Purged purge(SpaceId space, Instant before) {
                Purged purged = maintenance.purge(space, before);
                peers.changed(space);
                return purged;
            }

            @Override
            public void renewEpoch(SpaceId space) {
                maintenance.renewEpoch(space);
                peers.changed(space);
            }
        };
    }

    /** Ends the telling, and closes the store. */
    @Override
    public void close() {
        peers.close();
        store.close();
    }
}
