package dev.watersmeet.sync;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.store.Metadata;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The server's own replica in a space: one durable id for each node, and stamps that are never issued twice, also across restarts. Thread-safe.
 *
 * <p>Instead of a write for each stamp, the clock's milliseconds are reserved some seconds ahead, and a restart resumes above what was reserved.
 */
final class ServerReplica {
    private static final long RESERVED_AHEAD_MILLIS = 10_000;

    private final Metadata metadata;
    private final String reservationKey;
    private final ServerClock seen;
    private final HybridLogicalClock clock;
    private long reserved;

    private ServerReplica(Metadata metadata, String node, ReplicaId id, ServerClock seen) {
        this.metadata = metadata;
        this.seen = seen;
        this.reservationKey = "server-clock/" + node;
        this.reserved = metadata.get(reservationKey).map(Long::parseLong).orElse(0L);
        this.clock = HybridLogicalClock.resume(seen.source(), id, new Stamp(reserved << 16 | Stamp.MAX_COUNTER, id));
    }

    /** Opens the replica of a node, and gives it an id if it has none. */
    static ServerReplica open(Metadata metadata, String node, ServerClock seen, RandomGenerator random) {
        String key = "server-replica/" + node;
        Optional<String> id = metadata.get(key);
        if (id.isEmpty()) {
            metadata.compareAndSet(key, null, ReplicaId.random(random).toString());
            id = metadata.get(key);
        }
        return new ServerReplica(metadata, node, ReplicaId.parse(id.orElseThrow()), seen);
    }

    /** A stamp above everything that the engine has seen, and durably never to be issued again. */
    synchronized Stamp tick() {
        clock.observe(seen.highWater());
        Stamp stamp = clock.tick();
        if (stamp.millis() >= reserved) {
            long ahead = stamp.millis() + RESERVED_AHEAD_MILLIS;
            String expected = metadata.get(reservationKey).orElse(null);
            if (!metadata.compareAndSet(reservationKey, expected, Long.toString(ahead))) {
                throw new IllegalStateException("two servers run as the same node: give each a name of its own");
            }
            reserved = ahead;
        }
        return stamp;
    }
}
