package dev.watersmeet.store.jdbc;

import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.SpaceId;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The rows of the spaces. Whoever holds one's lock is its only writer, whatever instance and process it is in. */
final class Spaces {
    private static final String SELECT = "SELECT * FROM space WHERE name = ?";
    private static final String INSERT =
            "INSERT INTO space (name, epoch, last, purged, fence, recorded, former_epoch, former_last)"
                    + " VALUES (?, ?, 0, 0, 0, 0, '', 0)";
    private static final String UPDATE = "UPDATE space SET epoch = ?, last = ?, purged = ?,"
            + " fence = ?, recorded = ?, former_epoch = ?, former_last = ? WHERE name = ?";

    private final TimeSource time;
    private final RandomGenerator random = new SecureRandom();

    Spaces(TimeSource time) {
        this.time = time;
    }

    long now() {
        return time.millis();
    }

    String freshEpoch() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }

    @Nullable
    SpaceRow find(Sql sql, SpaceId space) throws SQLException {
        List<SpaceRow> found = sql.list(SELECT, SpaceRow::of, space.name());
        return found.isEmpty() ? null : found.get(0);
    }

    SpaceRow findOrCreate(Sql sql, SpaceId space) throws SQLException {
        @Nullable SpaceRow found = find(sql, space);
        return found == null ? lock(sql, space) : found;
    }

    /** Locks a space, which is created if it is not there, until the transaction ends. In the same connection: who waits for a second one while holding a first may wait for ever. */
    SpaceRow lock(Sql sql, SpaceId space) throws SQLException {
        while (true) {
            List<SpaceRow> found = sql.list(SELECT + " FOR UPDATE", SpaceRow::of, space.name());
            if (!found.isEmpty()) {
                return found.get(0);
            }
            sql.insert(INSERT, space.name(), freshEpoch()); // else another instance was faster
        }
    }

    void update(Sql sql, SpaceId space, SpaceRow row) throws SQLException {
        sql.update(
                UPDATE,
                row.epoch(),
                row.last(),
                row.purged(),
                row.fence(),
                row.recorded(),
                row.formerEpoch(),
                row.formerLast(),
                space.name());
    }
}
