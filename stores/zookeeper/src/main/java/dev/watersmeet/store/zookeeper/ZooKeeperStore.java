package dev.watersmeet.store.zookeeper;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.StoreUse;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.store.Watchers;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.jspecify.annotations.Nullable;

/**
 * A store on ZooKeeper 3.6 or later, which any number of servers may share: for configuration, flags, rosters, of which a space has some thousand documents. Each step is one transaction of ZooKeeper's: documents, marks, the entry of
 * the log and the space's head, on the condition that the head is what the writer has read. So a space has one log in one order, and who has lost a connection finds out by the head whether a step was taken.
 */
public final class ZooKeeperStore implements Store {
    private static final int MAX_KNOWN_SPACES = 10_000;
    private static final Capabilities CAPABILITIES = new Capabilities(
            Set.of(Capability.DURABLE, Capability.SHARED_BY_INSTANCES, Capability.PUSH_NOTIFICATION, Capability.PURGE),
            Joining.LIMITS);

    private final Ensemble ensemble;
    private final Paths paths;
    private final Heads heads;
    private final Trim trim;
    private final Joining joining;
    private final Reading reading;
    private final StoredMetadata metadata;
    private final Purge purge;
    private final Watchers watchers = new Watchers();
    private final HeadWatch headWatch;
    private final Runnable closing;
    private final Cache<SpaceId, Space> spaces =
            Caffeine.newBuilder().maximumSize(MAX_KNOWN_SPACES).build();
    private final StoreUse use = new StoreUse();

    private ZooKeeperStore(CuratorFramework client, ZooKeeperOptions options, TimeSource time, Runnable closing) {
        this.closing = closing;
        ensemble = new Ensemble(client);
        paths = new Paths(options.root());
        heads = new Heads(ensemble, paths, options, new SecureRandom(), time);
        trim = new Trim(ensemble, paths, heads, options.bounds());
        joining = new Joining(ensemble, paths, heads, options.bounds(), trim);
        reading = new Reading(ensemble, paths, heads);
        metadata = new StoredMetadata(ensemble, paths, heads);
        purge = new Purge(ensemble, paths, heads, trim);
        headWatch = new HeadWatch(client, paths, watchers);
        Root.prepare(client, ensemble, paths, options.aclForClient());
        headWatch.start();
    }

    /**
     * Opens the store of an ensemble.
     *
     * @param client started by the caller, without a namespace, with what the ensemble needs to know: addresses, authentication, TLS; its retry policy says how long a call waits for a lost connection. It stays the caller's to close, after the store.
     * @throws StoreException of kind {@code UNUSABLE} if the ensemble refuses this client, or what is below the root is another's or open to anybody; the message says what to do
     */
    public static ZooKeeperStore open(CuratorFramework client, ZooKeeperOptions options) {
        return open(client, options, TimeSource.system());
    }

    static ZooKeeperStore open(CuratorFramework client, ZooKeeperOptions options, TimeSource time) {
        return open(client, options, time, () -> {});
    }

    private static ZooKeeperStore open(
            CuratorFramework client, ZooKeeperOptions options, TimeSource time, Runnable closing) {
        if (!client.getNamespace().isEmpty()) {
            throw new IllegalArgumentException(
                    "the client has the namespace " + client.getNamespace() + "; give the options a root instead");
        }
        return new ZooKeeperStore(client, options, requireNonNull(time), closing);
    }

    /**
     * Opens the store of an ensemble with a client of its own, which is closed with it.
     *
     * @param builder with what the ensemble needs to know
     * @throws StoreException of kind {@code UNAVAILABLE} if the ensemble cannot be reached, {@code UNUSABLE} if it does not take the credentials of SASL, and otherwise as {@link #open}
     */
    public static ZooKeeperStore connect(CuratorFrameworkFactory.Builder builder, ZooKeeperOptions options) {
        CuratorFramework client = builder.build();
        try {
            Connecting.start(client);
            return open(client, options, TimeSource.system(), client::close);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        CAPABILITIES.limits().check(batch);
        Cursor cursor = using(() -> joining.join(known(space), batch));
        watchers.wake(space);
        return cursor;
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
        return using(() -> reading.read(known(space), documents));
    }

    @Override
    public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
        return using(() -> {
            Held held = heads.refresh(known(space));
            return held.alive()
                    ? Optional.ofNullable(ensemble.get(paths.mark(held.life(), replica)))
                            .map(node -> MarkBytes.parse(node.data()))
                    : Optional.empty();
        });
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        requirePositive(limit);
        return using(() -> reading.changes(known(space), after, limit));
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        return using(() -> heads.refresh(known(space)).head().state(cursor));
    }

    @Override
    public Cursor head(SpaceId space) {
        return using(() -> heads.alive(known(space)).head().cursor());
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        requirePositive(limit);
        return using(() -> reading.scan(known(space), position, limit));
    }

    @Override
    public long count(SpaceId space) {
        return using(() -> heads.refresh(known(space)).head().size().documents());
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
                return using(() -> metadata.get(known(space), key));
            }

            @Override
            public boolean compareAndSet(String key, @Nullable String expected, String value) {
                Metadata.checkLength(key, value);
                return using(() -> metadata.compareAndSet(known(space), key, expected, value));
            }
        };
    }

    @Override
    public Maintenance maintenance() {
        return new Maintenance() {
            @Override
            public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
                requirePositive(limit);
                return using(() -> heads.list(after, limit, ZooKeeperStore.this::known));
            }

            @Override
            public void deleteSpace(SpaceId space) {
                maintain(space, () -> {
                    heads.delete(known(space));
                    return true;
                });
            }

            @Override
            public Purged purge(SpaceId space, Instant before) {
                return maintain(space, () -> purge.purge(known(space), before.toEpochMilli()));
            }

            @Override
            public void renewEpoch(SpaceId space) {
                maintain(space, () -> {
                    trim.renew(known(space));
                    return true;
                });
            }
        };
    }

    private <T> T maintain(SpaceId space, Supplier<T> action) {
        try {
            return using(action);
        } finally {
            watchers.wake(space);
        }
    }

    /** Closes the store, and calls all listeners once more. */
    @Override
    public void close() {
        boolean ended = use.end(() -> {
            headWatch.close();
            closing.run();
        });
        if (ended) {
            watchers.wakeAll();
        }
    }

    private static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1: " + limit);
        }
    }

    private Space known(SpaceId space) {
        return requireNonNull(spaces.get(space, Space::new));
    }

    private <T> T using(Supplier<T> action) {
        return use.during(action);
    }
}
