package dev.watersmeet.testing.simulation;

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
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.Subscription;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store as one server uses it: between any two of its calls something else may happen, and the server may die in the middle of a write. */
class NodeStore implements Store {
    final SharedStore shared;
    private final Faults faults;

    /** What the store held when documents, or a page of a scan, were last read. */
    int lastRead;

    /** Tells what the server itself is doing, once it is done; null if it answers a request. */
    @Nullable
    Supplier<@Nullable Happening> doing;

    /** What a server's store does besides, at any time. */
    interface Faults {
        /** Something else may happen now. */
        void pause();

        /** Whether the server dies now. */
        boolean dies();

        /** Whether the store cannot be reached now. */
        boolean fails();
    }

    /** The server has died. */
    static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Death() {
            super("the server has died");
        }
    }

    NodeStore(SharedStore shared, Faults faults) {
        this.shared = shared;
        this.faults = faults;
    }

    /** The server that uses it has died. */
    void died() {
        // nothing is lost
    }

    private void step() {
        faults.pause();
        if (faults.fails()) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the store cannot be reached");
        }
    }

    @Override
    public Capabilities capabilities() {
        return shared.data().capabilities();
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        step();
        if (faults.dies()) {
            throw new Death();
        }
        Cursor cursor = shared.join(batch, doing);
        step(); // it was written, but nobody learns of it
        if (faults.dies()) {
            throw new Death();
        }
        return cursor;
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
        step();
        lastRead = shared.history().writes();
        return shared.data().read(space, documents);
    }

    @Override
    public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
        step();
        return shared.data().mark(space, replica);
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        step();
        return shared.changes(after);
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        step();
        return shared.check(cursor);
    }

    @Override
    public Cursor head(SpaceId space) {
        step();
        return shared.head();
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        step();
        lastRead = shared.history().writes();
        return shared.scan(position);
    }

    @Override
    public long count(SpaceId space) {
        return shared.data().count(space);
    }

    @Override
    public Subscription watch(SpaceId space, Runnable listener) {
        return shared.data().watch(space, listener);
    }

    @Override
    public Metadata metadata(SpaceId space) {
        return new Metadata() {
            @Override
            public Optional<String> get(String key) {
                return shared.data().metadata(space).get(key);
            }

            @Override
            public boolean compareAndSet(String key, @Nullable String expected, String value) {
                return shared.compareAndSet(key, expected, value);
            }
        };
    }

    @Override
    public Maintenance maintenance() {
        return shared.data().maintenance();
    }

    @Override
    public void close() {
        // it is shared, and ends with the run
    }
}
