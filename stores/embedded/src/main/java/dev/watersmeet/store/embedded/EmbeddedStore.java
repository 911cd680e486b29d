package dev.watersmeet.store.embedded;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.MalformedException;
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
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The default store: RocksDB in this process, in one folder, with no other process beside it. Joins are durable when they return: they are synced to disk, many with one sync.
 *
 * <p>Each cell is an entry of its own, whose bytes compare as cells do, under the database's operator that keeps the greater. So a join reads nothing, and one changed field of a large document writes one
 * small entry. One entry a document would be read, merged and rewritten whole by every edit. The price is that a document is read as a short run of neighbours, whose keys are stored without what they have in
 * common.
 */
public final class EmbeddedStore implements Store {
    private static final Capabilities CAPABILITIES =
            new Capabilities(Set.of(Capability.DURABLE, Capability.PURGE), Limits.ROOMY);

    /** How many bytes of batches are on their way to the disk at once; more writers wait. */
    private static final int MAX_PENDING_BYTES = 32 << 20;

    private final Database database;
    private final Reader reader;
    private final Committer committer;
    private final Writes writes;
    private final RandomGenerator random = new SecureRandom();
    private final Watchers watchers = new Watchers();
    private final PendingBytes pending = new PendingBytes(MAX_PENDING_BYTES);
    private final Counts counts = new Counts();
    private final StoredMetadata metadata;
    /** Held by who purges, deletes or renews: one after the other, for they take parts of the log away. */
    private final ReentrantLock maintaining = new ReentrantLock();

    private final ReentrantLock backingUp = new ReentrantLock();
    /** Held for reading by who uses the database, for writing by who closes it. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private boolean closed;

    EmbeddedStore(Database database, TimeSource time) {
        this.database = database;
        this.reader = new Reader(database);
        this.metadata = new StoredMetadata(database);
        this.writes = new Writes(database, random);
        this.committer = Committer.start(database, random, time, use.writeLock());
    }

    /**
     * Opens the store of a folder, creating both where they are not there.
     *
     * @throws StoreException of kind {@code UNUSABLE} if the folder is in use, of another format, damaged or somebody else's
     */
    public static EmbeddedStore open(Path folder) {
        return open(folder, EmbeddedOptions.defaults());
    }

    /** Opens the store of a folder with so much memory; otherwise as {@link #open(Path)}. */
    public static EmbeddedStore open(Path folder, EmbeddedOptions options) {
        return open(folder, requireNonNull(options), TimeSource.system());
    }

    /**
     * Opens the store of a folder that has one; otherwise as {@link #open(Path)}.
     *
     * @throws StoreException of kind {@code UNUSABLE} also if there is no store
     */
    public static EmbeddedStore openExisting(Path folder) {
        Path database = FolderFormat.STORE.existing(requireNonNull(folder));
        return new EmbeddedStore(Database.open(database, EmbeddedOptions.defaults()), TimeSource.system());
    }

    static EmbeddedStore open(Path folder, EmbeddedOptions options, TimeSource time) {
        Database database = Database.open(FolderFormat.STORE.prepare(requireNonNull(folder)), options);
        FolderFormat.STORE.finish(folder);
        return new EmbeddedStore(database, time);
    }

    /**
     * Adds a backup to those of a folder, while the store is in use: all that was acknowledged before the call, and some of what is written meanwhile, in whole batches. What a former backup has copied is not copied again.
     *
     * @param folder where backups of this store, and of no other, are kept, best on another disk; created if it is not there
     * @param keep how many backups stay, with this one; older ones are deleted, at least 1
     * @throws StoreException of kind {@code UNUSABLE} if the folder is somebody else's, {@code UNAVAILABLE} if it cannot be written
     */
    public Backup backUp(Path folder, int keep) {
        requirePositive(keep);
        backingUp.lock();
        try {
            return using(() -> Backups.add(database, folder, keep));
        } finally {
            backingUp.unlock();
        }
    }

    /**
     * Makes a store of the latest backup in a folder. It has new epochs (S-21), so that who read what the backup lacks finds out.
     *
     * @param backups the folder of the backups
     * @param folder the store's; is not there yet, or empty
     * @throws StoreException of kind {@code UNUSABLE} if there is no intact backup, or the folder holds something
     */
    public static Backup restore(Path backups, Path folder) {
        return Restore.run(requireNonNull(backups), requireNonNull(folder));
    }

    /** Reads all that is stored and tells what is wrong with it. The store stays in use. Takes as long as reading everything a few times. */
    public Integrity checkIntegrity() {
        return using(() -> IntegrityCheck.run(database));
    }

    /** Sorts all that is stored into as few files as it takes, without what was superseded. RocksDB does this by and by anyway; now it is done when this returns, and the store stays in use meanwhile. */
    public void compact() {
        using(() -> {
            database.compact(new byte[0], Keys.AFTER_ALL_SPACES);
            return database;
        });
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        long bytes = CAPABILITIES.limits().check(batch);
        SpaceHead head = pending.with(bytes, () -> committer.commit(writes.join(space, batch)));
        counts.written(space, batch.documents().size());
        watchers.wake(space);
        return head.cursor();
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
        return using(() -> reader.read(space, documents));
    }

    @Override
    public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
        return using(() -> reader.mark(space, replica));
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        requirePositive(limit);
        return using(() -> reader.changes(space, after, limit));
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        return using(() -> reader.check(space, cursor));
    }

    @Override
    public Cursor head(SpaceId space) {
        return named(space).cursor();
    }

    /** The head of a space. A cursor has to survive a restart, so a space whose head was asked for is written down. */
    private SpaceHead named(SpaceId space) {
        return using(() -> Optional.ofNullable(reader.head(space)))
                .orElseGet(() -> committer.commit(writes.create(space)));
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        requirePositive(limit);
        return using(() -> reader.scan(space, position, limit));
    }

    @Override
    public long count(SpaceId space) {
        return using(() -> counts.count(space, () -> reader.count(space)));
    }

    @Override
    public Subscription watch(SpaceId space, Runnable listener) {
        return using(() -> watchers.add(space, listener));
    }

    @Override
    public Metadata metadata(SpaceId space) {
        return new Metadata() {
            @Override
            public Optional<String> get(String key) {
                return using(() -> metadata.get(space, key));
            }

            @Override
            public boolean compareAndSet(String key, @Nullable String expected, String value) {
                AtomicBoolean outcome = new AtomicBoolean();
                committer.commit(metadata.compareAndSet(space, key, expected, value, outcome));
                return outcome.get();
            }
        };
    }

    @Override
    public Maintenance maintenance() {
        return new Maintenance() {
            @Override
            public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
                requirePositive(limit);
                return using(() -> reader.spaces(after, limit));
            }

            @Override
            public void deleteSpace(SpaceId space) {
                maintain(space, () -> EmbeddedStore.this.deleteSpace(space));
            }

            @Override
            public Purged purge(SpaceId space, Instant before) {
                return maintain(space, () -> EmbeddedStore.this.purge(space, before.toEpochMilli()));
            }

            @Override
            public void renewEpoch(SpaceId space) {
                maintain(space, () -> committer.commit(writes.renewEpoch(space)));
            }
        };
    }

    private <T> T maintain(SpaceId space, Supplier<T> action) {
        maintaining.lock();
        try {
            return action.get();
        } finally {
            maintaining.unlock();
            counts.forget(space);
            watchers.wake(space);
        }
    }

    private SpaceId deleteSpace(SpaceId space) {
        committer.commit(writes.delete(space));
        byte[] prefix = Keys.space(space);
        return using(() -> {
            database.compact(prefix, Keys.end(prefix));
            return space;
        });
    }

    private Purged purge(SpaceId space, long before) {
        return using(() -> {
            @Nullable SpaceHead head = reader.head(space);
            return head == null
                    ? Purged.NOTHING
                    : Purge.run(database, committer, writes, Keys.space(space), head, before, random.nextLong());
        });
    }

    /** Closes the store: writes what waits to be written, calls all listeners once more, and lets go of the folder. */
    @Override
    public void close() {
        committer.close();
        use.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            database.close();
        } finally {
            use.writeLock().unlock();
        }
        watchers.wakeAll();
    }

    private static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1: " + limit);
        }
    }

    /** Something that needs the database. */
    @FunctionalInterface
    private interface Use<T> {
        T run() throws RocksDBException;
    }

    private <T> T using(Use<T> action) {
        use.readLock().lock();
        try {
            if (closed) {
                throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
            }
            return action.run();
        } catch (RocksDBException | MalformedException | BufferUnderflowException e) {
            throw database.failure(e);
        } finally {
            use.readLock().unlock();
        }
    }
}
