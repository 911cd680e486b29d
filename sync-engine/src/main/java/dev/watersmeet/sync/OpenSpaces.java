package dev.watersmeet.sync;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.watersmeet.store.SpaceId;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The spaces that were used last, as many as are kept. Whoever may open all spaces could name any number of them. Thread-safe. */
final class OpenSpaces {
    private final Cache<SpaceId, Space> spaces;
    /** Of a space there is one replica at a time, however long somebody holds what belongs to it: two would issue the same stamps. */
    private final Cache<SpaceId, ServerReplica> replicas =
            Caffeine.newBuilder().weakValues().build();

    private final Function<SpaceId, ServerReplica> openReplica;
    private final BiFunction<SpaceId, ServerReplica, Space> openSpace;

    /** @param most how many spaces are kept */
    OpenSpaces(
            int most,
            Function<SpaceId, ServerReplica> openReplica,
            BiFunction<SpaceId, ServerReplica, Space> openSpace) {
        this.spaces =
                Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
        this.openReplica = openReplica;
        this.openSpace = openSpace;
    }

    /** A space, which is opened if it is not. */
    Space get(SpaceId id) {
        return spaces.get(id, key -> openSpace.apply(key, replicas.get(key, openReplica)));
    }
}
