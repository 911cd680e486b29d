package dev.watersmeet.store.processlogs;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.store.SpaceId;

/**
 * The name of a record that is changed by compare-and-set only.
 *
 * @param space the space it belongs to
 * @param life the space's life, so that it ends with it; 0 for the control record, which outlives them
 * @param kind what it is
 * @param name which of its kind; empty for the control record
 */
public record RecordKey(SpaceId space, long life, Kind kind, String name) {
    /** What a record is. Their names are stored. */
    public enum Kind {
        /** The space's state: one in each space. */
        CONTROL,
        /** The last accepted push of a replica. */
        MARK,
        /** A key of the space's metadata. */
        METADATA
    }

    public RecordKey {
        requireNonNull(space);
        requireNonNull(kind);
        requireNonNull(name);
    }

    static RecordKey control(SpaceId space) {
        return new RecordKey(space, 0, Kind.CONTROL, "");
    }

    static RecordKey mark(SpaceKey space, ReplicaId replica) {
        return new RecordKey(space.space(), space.life(), Kind.MARK, replica.toString());
    }

    static RecordKey metadata(SpaceKey space, String key) {
        return new RecordKey(space.space(), space.life(), Kind.METADATA, key);
    }
}
