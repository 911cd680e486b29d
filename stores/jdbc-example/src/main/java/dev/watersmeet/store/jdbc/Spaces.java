package dev.watersmeet.store.jdbc;

import dev.watersmeet.crdt.TimeSource;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.StoreException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rows of the spaces. Whoever holds one's lock is its only writer, whatever instance and process it is in. */
final class Spaces {
    private static final String SELECT = "SELECT * FROM space WHERE name = ?";
    private static final String INSERT =
            "INSERT INTO space (name, epoch, last, purged, fence, recorded) VALUES (?, ?, 0, 0, 0, 0)";
    private static final String UPDATE =
            "UPDATE space SET epoch = ?, last = ?, purged = ?, fence = ?, recorded = ? WHERE name = ?";

    private final DataSource database;
    private final TimeSource time;
    private final RandomGenerator random = new SecureRandom();

    Spaces(DataSource database, TimeSource time) {
        this.database = database;
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
        while (found == null) {
            create(space);
            found = find(sql, space);
        }
        return found;
    }

    /** Locks a space until the transaction ends. */
    SpaceRow lock(Sql sql, SpaceId space) throws SQLException {
        while (true) {
            List<SpaceRow> found = sql.list(SELECT + " FOR UPDATE", SpaceRow::of, space.name());
            if (!found.isEmpty()) {
                return found.get(0);
            }
            create(space);
        }
    }

    /** In a transaction of its own, so that the others wait for nothing. */
    private void create(SpaceId space) {
        try {
            Sql.transaction(database, sql -> sql.update(INSERT, space.name(), freshEpoch()));
        } catch (StoreException e) {
            if (!(e.getCause() instanceof SQLIntegrityConstraintViolationException)) {
                throw e; // else another instance was faster
            }
        }
    }

    void update(Sql sql, SpaceId space, SpaceRow row) throws SQLException {
        sql.update(UPDATE, row.epoch(), row.last(), row.purged(), row.fence(), row.recorded(), space.name());
    }
}
