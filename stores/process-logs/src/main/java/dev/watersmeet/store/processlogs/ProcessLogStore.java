package dev.watersmeet.store.processlogs;

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A store over a {@link Backend}, which any number of processes may use at the same time. Closing it closes the backend.
 *
 * <p>Every process has a log of its own in each space that it writes to, so nobody waits for anybody to write. What decides what counts is one record in each space, changed by compare-and-set, and read again after each append.
 */
public final class ProcessLogStore implements Store {
    private static final int MAX_SPACES = 10_000;

    private final Backend backend;
    private final Capabilities capabilities;
    private final Controls controls;
    private final Turns turns;
    private final Logs logs;
    private final Marks marks;
    private final Joining joining;
    private final Following following;
    private final StoredMetadata metadata;
    private final Operating operating;
    private final Watchers watchers = new Watchers();
    private final Tending tending;
    private final Poller poller;
    private final Poller tender;
    private final Cache<SpaceId, Space> spaces =
            Caffeine.newBuilder().maximumSize(MAX_SPACES).build();
    private final StoreUse use = new StoreUse();

    private ProcessLogStore(
            Backend backend, ProcessLogOptions options, TimeSource time, RandomGenerator random, Pauses pauses) {
        this.backend = backend;
        this.capabilities = new Capabilities(
                Set.of(
                        Capability.DURABLE,
                        Capability.SHARED_BY_INSTANCES,
                        Capability.PUSH_NOTIFICATION,
                        Capability.PURGE),
                backend.limits());
        long patience = Math.max(1, options.patience().toMillis() / Pauses.MILLIS);
        controls = new Controls(backend, random);
        Tails tails = new Tails(backend, controls);
        turns = new Turns(
                backend, controls, tails, pauses, ProcessLogOptions.PATIENCE_WITH_TURNS * patience, time::millis);
        logs = new Logs(backend, controls, turns, time::millis);
        marks = new Marks(backend, controls, turns, tails, pauses, patience);
        joining = new Joining(backend, controls, turns, logs, marks);
        following = new Following(backend, controls, turns, logs);
        metadata = new StoredMetadata(backend, controls);
        operating = new Operating(backend, controls, turns, logs);
        tending = new Tending(backend, controls, turns, tails);
        poller = new Poller("watersmeet-poller", options.poll().toMillis(), this::look, watchers::wake);
        tender = new Poller("watersmeet-tender", 2 * options.patience().toMillis(), this::tend, space -> {});
        backend.listen(waking(watchers));
    }

    private static ChangeListener waking(Watchers watchers) {
        return new ChangeListener() {
            @Override
            public void changed(SpaceId space) {
                watchers.wake(space);
            }

            @Override
            public void missed() {
                watchers.wakeAll();
            }
        };
    }

    /** The store of a backend. */
    public static ProcessLogStore open(Backend backend, ProcessLogOptions options) {
        return open(backend, options, TimeSource.system());
    }

    /** The store of a backend, with a clock of its own, for tests. */
    public static ProcessLogStore open(Backend backend, ProcessLogOptions options, TimeSource time) {
        return open(backend, options, time, new SecureRandom(), Pauses.sleeping());
    }

    static ProcessLogStore open(
            Backend backend, ProcessLogOptions options, TimeSource time, RandomGenerator random, Pauses pauses) {
        return new ProcessLogStore(
                requireNonNull(backend), requireNonNull(options), requireNonNull(time), random, pauses);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Cursor join(SpaceId space, Batch batch) {
        capabilities.limits().check(batch);
        Cursor cursor = using(space, known -> joining.join(known, batch));
        watchers.wake(space);
        return cursor;
    }

    @Override
    public Map<DocumentId, DocumentState> read(SpaceId space, Collection<DocumentId> documents) {
        return ifAlive(space, held -> backend.read(held.key(), documents), Map.of());
    }

    @Override
    public Optional<Mark> mark(SpaceId space, ReplicaId replica) {
        return ifAlive(space, held -> mark(held, replica), Optional.empty());
    }

    private Optional<Mark> mark(Held held, ReplicaId replica) {
        MarkRecord record = MarkRecord.parse(backend.record(RecordKey.mark(held.key(), replica), false));
        marks.complete(known(held.space()), held, record.position());
        return Optional.ofNullable(record.mark());
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        requirePositive(limit);
        return using(space, known -> following.changes(known, after, limit));
    }

    @Override
    public CursorState check(SpaceId space, Cursor cursor) {
        return using(space, known -> following.check(known, cursor));
    }

    @Override
    public Cursor head(SpaceId space) {
        return using(space, known -> {
            Held held = controls.alive(known);
            return Point.in(held.control(), logs.tips(known, held)).cursor();
        });
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        requirePositive(limit);
        return using(space, known -> {
            Held held = controls.refresh(known);
            @Nullable
            String from = position == null
                    ? null
                    : ScanPosition.parse(position, held.control()).orElseThrow(() -> Point.expired(position));
            if (!held.control().alive()) {
                return new Scan(List.of(), null);
            }
            Slice slice = backend.scan(held.key(), from, limit);
            return new Scan(
                    slice.documents().stream().map(Layered::document).toList(),
                    slice.next() == null ? null : ScanPosition.of(held.control(), slice.next()));
        });
    }

    @Override
    public long count(SpaceId space) {
        return ifAlive(space, held -> backend.count(held.key()), 0L);
    }

    @Override
    public Subscription watch(SpaceId space, Runnable listener) {
        Subscription subscription = using(space, known -> {
            poller.watch(space);
            tender.watch(space);
            return watchers.add(space, listener);
        });
        AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (!ended.getAndSet(true)) {
                subscription.close();
                poller.unwatch(space);
                if (tender.unwatch(space)) {
                    tending.forget(space);
                }
            }
        };
    }

    /** Something of a space that is different after each change. */
    private Object look(SpaceId id) {
        return using(id, space -> {
            Held held = controls.refresh(space);
            if (!held.control().alive()) {
                return List.of();
            }
            return List.of(
                    requireNonNull(held.stored()).version(),
                    logs.tips(space, held).toString());
        });
    }

    private Object tend(SpaceId id) {
        return using(id, space -> {
            Held held = controls.refresh(space);
            if (held.control().alive()) {
                tending.tend(space, held, logs.tips(space, held));
            }
            return id;
        });
    }

    @Override
    public Metadata metadata(SpaceId space) {
        return new Metadata() {
            @Override
            public Optional<String> get(String key) {
                return ifAlive(space, held -> metadata.get(held.key(), key), Optional.empty());
            }

            @Override
            public boolean compareAndSet(String key, @Nullable String expected, String value) {
                Metadata.checkLength(key, value);
                return using(space, known -> metadata.compareAndSet(known, key, expected, value));
            }
        };
    }

    @Override
    public Maintenance maintenance() {
        return new Maintenance() {
            @Override
            public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
                requirePositive(limit);
                return using(() -> operating.spaces(after, limit, ProcessLogStore.this::known));
            }

            @Override
            public void deleteSpace(SpaceId space) {
                maintain(space, operating::delete);
            }

            @Override
            public Purged purge(SpaceId space, Instant before) {
                return maintain(space, known -> operating.purge(known, before.toEpochMilli()));
            }

            @Override
            public void renewEpoch(SpaceId space) {
                maintain(space, operating::renewEpoch);
            }
        };
    }

    /** Ends the generation of a space, and with it completes all of its logs; for tests. */
    void endGeneration(SpaceId space) {
        using(space, known -> turns.turn(known, turns.open(known), 0, cut -> Optional.of(List.of())));
    }

    private <T> T maintain(SpaceId space, Action<T> action) {
        try {
            return using(space, action);
        } finally {
            watchers.wake(space);
        }
    }

    /** Closes the store and its backend, and calls all listeners once more. */
    @Override
    public void close() {
        boolean ended = use.end(() -> {
            poller.close();
            tender.close();
            backend.close();
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

    /** Something done with a space. */
    @FunctionalInterface
    private interface Action<T> {
        T with(Space space);
    }

    /** Something done with a space that is alive. */
    @FunctionalInterface
    private interface Look<T> {
        T at(Held held);
    }

    private <T> T ifAlive(SpaceId space, Look<T> look, T otherwise) {
        return using(space, known -> {
            Held held = controls.refresh(known);
            return held.control().alive() ? look.at(held) : otherwise;
        });
    }

    private <T> T using(SpaceId space, Action<T> action) {
        return using(() -> action.with(known(space)));
    }

    private <T> T using(Supplier<T> action) {
        return use.during(action);
    }
}
