package dev.watersmeet.sync;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;

/** A space as Java code on the server reads and edits it. Thread-safe. */
public final class Space {
    private final Store store;
    private final SpaceId id;
    private final Collections collections;
    private final ServerReplica replica;
    private final ServerClock clock;
    private final Access access;
    private final DocumentAccess documentAccess;

    Space(Store store, SpaceId id, Collections collections, ServerReplica replica, ServerClock clock, Access access) {
        this.store = store;
        this.id = id;
        this.collections = collections;
        this.replica = replica;
        this.clock = clock;
        this.access = access;
        PolicyReaders readers = new PolicyReaders(id, collections);
        this.documentAccess =
                new DocumentAccess(store, collections, readers, new AccessMarking(store, readers, replica, clock));
    }

    /** What a policy does in this space, if there is one. */
    DocumentAccess documentAccess() {
        return documentAccess;
    }

    /** The space's name. */
    public SpaceId id() {
        return id;
    }

    /**
     * The documents of a collection.
     *
     * @throws IllegalArgumentException if the engine has only declared collections, and this is none
     */
    public Documents collection(String name) {
        if (!collections.admits(name)) {
            throw new IllegalArgumentException(
                    "there is no collection " + name + ": declare it when the engine is built");
        }
        return new Documents(store, id, name, collections.schema(name), replica, clock, access, documentAccess);
    }

    /**
     * Takes all documents over from a former schema to the engine's: a field whose type has changed is read under the former type and written under the new one, so that its value does not vanish. Runs
     * until all is done; a run that was interrupted is gone on with by the next. Documents may be read and written meanwhile. What of it there is to know: {@code docs/schema-changes.md}.
     *
     * @param former the schema by which the documents were written
     * @param listener is told of the values that the new types cannot hold
     * @throws IllegalStateException if the space is being migrated by somebody else at the same time
     */
    public MigrationReport migrate(Schema former, MigrationListener listener) {
        return new Migration(this, store, former, collections.schema(), listener, FormatLimits.PAGE_CELLS).run();
    }
}
