package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The server's own replica in a space: one durable id for each node, and stamps that are never issued twice, also across restarts. Thread-safe.
 *
 * <p>Instead of a write for each stamp, the clock's milliseconds are reserved some seconds ahead, and a restart resumes above what was reserved.
 *
 * <p>A store that was put back to an older copy holds an older reservation, or none: stamps beyond it may have been issued, and be offered again by clients (P-23), with totals of counters that the copy does not know. So a reservation names a cursor,
 * and where nothing goes on from that any more, or there is none, the node takes a new id.
 */
final class ServerReplica {
    /** The longest name of a node, in characters: with what precedes it, it is a key of the metadata. */
    static final int MAX_NODE_LENGTH = 128;

    private static final long RESERVED_AHEAD_MILLIS = 10_000;
    private static final String NOBODY = ""; // no principal has this name

    private final Store store;
    private final SpaceId space;
    private final String node;
    private final Metadata metadata;
    private final String reservationKey;
    private final ServerClock seen;
    private final HybridLogicalClock clock;
    private final Stripes documents = new Stripes();
    private @Nullable String reservation;
    private @Nullable String attempted;
    private long reserved;
    private volatile boolean bound;

    private static String idKey(String node) {
        return "server-replica/" + node;
    }

    private ServerReplica(Store store, SpaceId space, String node, ReplicaId id, ServerClock seen) {
        this.node = node;
        this.store = store;
        this.space = space;
        this.metadata = store.metadata(space);
        this.seen = seen;
        this.reservationKey = reservationKey(node);
        this.reservation = metadata.get(reservationKey).orElse(null);
        this.reserved = reservation == null ? 0 : millis(reservation);
        this.clock = HybridLogicalClock.resume(seen.source(), id, new Stamp(reserved << 16 | Stamp.MAX_COUNTER, id));
    }

    private static String reservationKey(String node) {
        return "server-clock/" + node;
    }

    /** The milliseconds of a reservation, which go before its cursor. */
    private static long millis(String reservation) {
        int end = reservation.indexOf(' ');
        return Long.parseLong(end < 0 ? reservation : reservation.substring(0, end));
    }

    /** Whether it may be that more was reserved than the store knows. */
    private static boolean isOutdated(Store store, SpaceId space, String reservation) {
        int end = reservation.indexOf(' ');
        if (end < 0) {
            return false;
        }
        return switch (store.check(space, new Cursor(reservation.substring(end + 1)))) {
            case CURRENT, BEFORE_PURGE -> false;
            case BEFORE_RENEWAL, EXPIRED -> true;
        };
    }

    /** Opens the replica of a node, and gives it an id if it has none, or none that it may still use. */
    static ServerReplica open(Store store, SpaceId space, String node, ServerClock seen, RandomGenerator random) {
        Metadata metadata = store.metadata(space);
        String key = idKey(node);
        Optional<String> id = metadata.get(key);
        boolean usable = metadata.get(reservationKey(node))
                .filter(reservation -> !isOutdated(store, space, reservation))
                .isPresent();
        if (id.isEmpty() || !usable) {
            metadata.compareAndSet(
                    key, id.orElse(null), ReplicaId.random(random).toString());
            id = metadata.get(key);
        }
        return new ServerReplica(store, space, node, ReplicaId.parse(id.orElseThrow()), seen);
    }

    /** Held while this replica edits documents: an edit is made of what stands, which no other one of its own may change meanwhile. */
    Stripes documents() {
        return documents;
    }

    /**
     * Writes an edit of this replica, made of what was read after a cursor. Everybody reads its id there, so the first one that a process writes binds the id, as a push does: it is no client's to push with (P-10).
     */
    void write(DocumentCells edit, Cursor basis) {
        List<DocumentCells> documents = List.of(edit);
        Batch batch = bound ? Batch.of(documents) : Batch.of(documents, binding());
        store.join(space, batch.basedOn(basis));
        bound = true;
    }

    private Mark binding() {
        String nonce = new Stamp(0, clock.replica()).toString();
        String outcome = MergeFormat.writeOutcome(new PushOutcome(1, nonce, List.of()));
        return new Mark(clock.replica(), NOBODY, 1, nonce, outcome);
    }

    /** A stamp above everything that the engine has seen, and durably never to be issued again. */
    synchronized Stamp tick() {
        clock.observe(seen.highWater());
        Stamp stamp = clock.tick();
        if (stamp.millis() >= reserved) {
            reserve(stamp.millis() + RESERVED_AHEAD_MILLIS);
        }
        return stamp;
    }

    private void begin() {
        reservation = null;
        bound = false;
        metadata.compareAndSet(idKey(node), null, clock.replica().toString());
    }

    private void reserve(long millis) {
        String stored = metadata.get(reservationKey).orElse(null);
        if (stored == null && reservation != null) {
            begin(); // the space was deleted, and begins anew
        }
        boolean own = Objects.equals(stored, reservation) || Objects.equals(stored, attempted);
        String ahead = millis + " " + store.head(space).text();
        if (own) {
            attempted = ahead; // it stays unknown whether it was written if the store fails
        }
        if (!own || !metadata.compareAndSet(reservationKey, stored, ahead)) {
            throw new IllegalStateException("two servers run as the same node: give each a name of its own");
        }
        reservation = ahead;
        reserved = millis;
    }
}
