package dev.watersmeet.sync;

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
    private final Stripes documents = new Stripes();
    private final DocumentAccess documentAccess;

    Space(Store store, SpaceId id, Collections collections, ServerReplica replica, ServerClock clock, Access access) {
        this.store = store;
        this.id = id;
        this.collections = collections;
        this.replica = replica;
        this.clock = clock;
        this.access = access;
        this.documentAccess = new DocumentAccess(store, id, collections, replica, clock, documents);
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
        return new Documents(
                store, id, name, collections.schema(name), replica, clock, documents, access, documentAccess);
    }
}
