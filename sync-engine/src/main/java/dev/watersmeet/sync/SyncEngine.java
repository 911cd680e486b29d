package dev.watersmeet.sync;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.store.Subscription;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The exchange between replicas and a store: push, pull, snapshot and watch for those who come over a transport, and a replica of its own for Java code on the server.
 *
 * <p>Thread-safe. Methods block while the store does. What is refused as a whole is a {@link ProblemException}; a store that fails throws {@link StoreException}.
 *
 * <pre>{@code
 * SyncEngine engine = SyncEngine.on(store)
 *         .access((principal, space) -> Permission.WRITE)
 *         .collection("todos", CollectionSchema.of(Map.of("tags", FieldType.SET)))
 *         .open();
 * engine.space("shop-7").collection("todos").edit("t1", todo -> todo.put("done", true));
 * }</pre>
 */
public final class SyncEngine {
    /** How far ahead of the server's clock a stamp from outside may be, unless it is set otherwise (P-8). */
    public static final Duration DEFAULT_DRIFT = Duration.ofSeconds(60);

    /** What is said to who may offer again what was lost. */
    static final String RESTORED = "the server was put back to an older copy: what it has lost can be offered again";

    /** How many spaces stay open: each has some hundred locks. */
    private static final int MAX_OPEN_SPACES = 2_000;

    private final Store store;
    private final Access access;
    private final Collections collections;
    private final ServerClock clock;
    private final Pushes pushes;
    private final Pages pages;
    private final FilteredPages filteredPages;
    private final Snapshots snapshots;
    private final OpenSpaces spaces;

    private SyncEngine(Builder builder) {
        this.store = builder.store;
        this.access = builder.access;
        this.collections = Collections.of(builder.schema, builder.onlyDeclared);
        this.clock = new ServerClock(builder.time, builder.drift.toMillis());
        this.spaces = new OpenSpaces(
                MAX_OPEN_SPACES,
                id -> ServerReplica.open(store, id, builder.node, clock, builder.random),
                (id, replica) -> new Space(store, id, collections, replica, clock, access));
        this.pushes = new Pushes(
                store, collections, clock, access, id -> space(id.name()).documentAccess());
        this.pages = new Pages(store, FormatLimits.PAGE_CELLS);
        this.filteredPages = new FilteredPages(store, FormatLimits.PAGE_CELLS);
        this.snapshots = new Snapshots(store);
    }

    /** Begins to build an engine on a store. The store stays the caller's to close, after the engine is no longer used. */
    public static Builder on(Store store) {
        return new Builder(store);
    }

    /** The collections that were declared. Its JSON is what clients are built with (M-36). */
    public Schema schema() {
        return collections.schema();
    }

    /** Pushes, pulls, or both (P-2). The push is durable when this returns. */
    public SyncAnswer sync(Principal principal, SpaceId space, SyncRequest request) {
        Permission permission = permission(principal, space);
        PushOutcome outcome = null;
        if (request.push() != null) {
            if (!permission.mayWrite()) {
                throw new ProblemException(new Problem(
                        ProblemCode.FORBIDDEN,
                        principal.name() + " may not write in " + space,
                        pushes.last(principal, space, request.replica()))); // P-6: what was accepted before counts
            }
            outcome = pushes.take(principal, permission, space, request, request.push());
        }
        Page page = null;
        if (request.pull()) {
            PushOutcome settled = outcome;
            page = page(
                    principal,
                    space,
                    request.cursor(),
                    permission,
                    (code, detail) -> new Problem(
                            code,
                            detail,
                            settled != null ? settled : pushes.last(principal, space, request.replica())));
        }
        return new SyncAnswer(clock.millis(), outcome, page, collections.fingerprint());
    }

    /** A page of what has changed since a cursor (P-3). */
    public Page changes(Principal principal, SpaceId space, String cursor) {
        Permission permission = permission(principal, space);
        return page(principal, space, cursor, permission, Problem::of); // nobody knows which replica asks
    }

    /** @param problem a problem of a code and a detail */
    private Page page(
            Principal principal,
            SpaceId space,
            @Nullable String cursor,
            Permission permission,
            BiFunction<ProblemCode, String, Problem> problem) {
        return read(
                () -> page(principal, space, cursor),
                detail -> cursor != null && mayOfferAgain(principal, space, cursor, permission)
                        ? problem.apply(ProblemCode.RESTORED, RESTORED)
                        : problem.apply(ProblemCode.RESYNC, detail));
    }

    /** Whether who stands at a cursor, and sees the same as then, may give back what the store has lost (P-23). */
    private boolean mayOfferAgain(Principal principal, SpaceId space, String cursor, Permission permission) {
        Optional<View> view = view(principal, space);
        boolean known = view.isEmpty() || cursor.startsWith(view.get().prefix());
        return permission.mayWrite()
                && known
                && store.check(
                                space,
                                new Cursor(view.isEmpty() ? cursor : view.get().unwrap(cursor)))
                        == CursorState.BEFORE_RENEWAL;
    }

    /**
     * A page of a snapshot (P-12).
     *
     * @param replica the replica that asks, whose last accepted push is answered
     * @param position where to go on; null for the first page
     */
    public SnapshotPage snapshot(Principal principal, SpaceId space, ReplicaId replica, @Nullable String position) {
        permission(principal, space);
        PushOutcome last = pushes.last(principal, space, replica);
        Optional<View> view = view(principal, space);
        Snapshots.SnapshotScan page = read(
                () -> snapshots.page(
                        space,
                        view.isPresent() && position != null
                                ? SealedPositions.open(store.metadata(space), view.get(), position)
                                : position,
                        FormatLimits.PAGE_CELLS),
                detail -> new Problem(ProblemCode.RESYNC, detail, last));
        List<DocumentCells> found = page.scan().documents();
        String next = page.position();
        String cursor = page.cursor().text();
        return new SnapshotPage(
                clock.millis(),
                view.map(seeing -> documentAccess(space).shown(seeing, found))
                        .orElseGet(() -> AccessMarks.without(found)),
                view.isPresent() && next != null ? SealedPositions.seal(store.metadata(space), view.get(), next) : next,
                view.map(seeing -> seeing.wrap(cursor)).orElse(cursor),
                page.total(),
                last,
                collections.fingerprint());
    }

    /** The collections that were declared, for those who may read in a space (P-25). */
    public Schema schema(Principal principal, SpaceId space) {
        permission(principal, space);
        return schema();
    }

    private Page page(Principal principal, SpaceId space, @Nullable String cursor) {
        if (cursor == null) {
            throw new StoreException(StoreException.Kind.CURSOR_EXPIRED, "there is no cursor");
        }
        Optional<View> view = view(principal, space);
        return view.isPresent()
                ? filteredPages.after(space, cursor, view.get(), documentAccess(space))
                : pages.after(space, new Cursor(cursor));
    }

    /** What a principal sees of the space's documents; empty if that is all. */
    private Optional<View> view(Principal principal, SpaceId space) {
        Optional<DocumentPolicy> policy = access.documents(space);
        policy.ifPresent(present -> documentAccess(space).marking().ensureMarked(present));
        return policy.map(present -> View.of(present, principal));
    }

    private DocumentAccess documentAccess(SpaceId space) {
        return space(space.name()).documentAccess();
    }

    /** Calls a listener soon after the space has changed: a hint, on any thread, that must return at once. */
    public Subscription watch(Principal principal, SpaceId space, Runnable listener) {
        permission(principal, space);
        return store.watch(space, listener);
    }

    /** A space as Java code on the server reads and edits it. */
    public Space space(String name) {
        return spaces.get(SpaceId.of(name));
    }

    private Permission permission(Principal principal, SpaceId space) {
        Permission permission = access.permission(requireNonNull(principal), requireNonNull(space))
                .atMost(principal.grants().permission(space));
        if (!permission.mayRead()) {
            throw ProblemException.of(ProblemCode.FORBIDDEN, principal.name() + " may not open " + space);
        }
        return permission;
    }

    private static <T> T read(Supplier<T> action, Function<String, Problem> resync) {
        try {
            return action.get();
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.CURSOR_EXPIRED) {
                throw new ProblemException(resync.apply("the cursor is unknown or too old"));
            }
            throw e;
        } catch (MalformedException e) {
            throw ProblemException.of(ProblemCode.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    /** Builds an engine. */
    public static final class Builder {
        private final Store store;
        private Schema schema = Schema.empty();
        private Access access = (principal, space) -> Permission.NONE;
        private boolean onlyDeclared;
        private TimeSource time = TimeSource.system();
        private Duration drift = DEFAULT_DRIFT;
        private String node = "main";
        private RandomGenerator random = new SecureRandom();

        private Builder(Store store) {
            this.store = requireNonNull(store);
        }

        /** Who may do what. Without this nobody may do anything. */
        public Builder access(Access policy) {
            this.access = requireNonNull(policy);
            return this;
        }

        /** Declares a collection. Others are collections of registers, unless {@link #onlyDeclaredCollections()}. */
        public Builder collection(String name, CollectionSchema schema) {
            this.schema = this.schema.with(requireNonNull(name), requireNonNull(schema));
            return this;
        }

        /** Declares the collections of a schema. Others are collections of registers, unless {@link #onlyDeclaredCollections()}. */
        public Builder schema(Schema declared) {
            declared.collections().forEach(this::collection);
            return this;
        }

        /** Refuses documents of collections that are not declared. */
        public Builder onlyDeclaredCollections() {
            this.onlyDeclared = true;
            return this;
        }

        /** How far ahead of the server's clock a stamp from outside may be. */
        public Builder drift(Duration bound) {
            this.drift = requireNonNull(bound);
            return this;
        }

        /**
         * The name of this server among those that share the store: stable across restarts, and nobody else's.
         *
         * @param name 1 to {@value ServerReplica#MAX_NODE_LENGTH} characters
         */
        public Builder node(String name) {
            if (name.isBlank() || name.length() > ServerReplica.MAX_NODE_LENGTH) {
                throw new IllegalArgumentException(
                        "a node's name has 1 to " + ServerReplica.MAX_NODE_LENGTH + " characters: " + name);
            }
            this.node = name;
            return this;
        }

        /** The clock, for tests. */
        public Builder time(TimeSource source) {
            this.time = requireNonNull(source);
            return this;
        }

        /** The randomness of replica ids, for tests. */
        public Builder random(RandomGenerator generator) {
            this.random = requireNonNull(generator);
            return this;
        }

        /** The engine. */
        public SyncEngine open() {
            return new SyncEngine(this);
        }
    }
}
