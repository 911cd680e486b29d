package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.ReplicaId;
import org.jspecify.annotations.Nullable;

/**
 * A push, a pull, or both in one round trip (P-2).
 *
 * @param replica who asks
 * @param cursor up to where the replica has read; null if it has read nothing
 * @param pull whether changes are asked for
 * @param push what is pushed, if anything
 */
public record SyncRequest(ReplicaId replica, @Nullable String cursor, boolean pull, @Nullable Push push) {
    public SyncRequest {
        requireNonNull(replica);
    }
}
