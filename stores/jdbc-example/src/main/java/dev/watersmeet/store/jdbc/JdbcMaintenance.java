package dev.watersmeet.store.jdbc;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.Purged;
import dev.watersmeet.store.Purging;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Watchers;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an operator does. Each is one transaction that holds the space's lock, so writers of the space wait. */
record JdbcMaintenance(JdbcStore store, Spaces spaces, Watchers watchers) implements Maintenance {
    private static final long MAX_PART_BYTES = 1L << 20;
    private static final String LIST = "SELECT name FROM space WHERE name > ? ORDER BY name FETCH FIRST ? ROWS ONLY";
    private static final String OLD_DOCUMENTS = "SELECT DISTINCT document FROM cell WHERE space = ? AND recorded < ?";
    private static final String YOUNG = "SELECT path FROM cell WHERE space = ? AND document = ? AND recorded >= ?";
    private static final String DOCUMENT = "SELECT * FROM cell WHERE space = ? AND document = ?";
    private static final String ANY = "SELECT 1 FROM cell WHERE space = ? AND document = ? FETCH FIRST 1 ROWS ONLY";
    private static final String ONE = " WHERE space = ? AND document = ? AND path_key = ?";
    private static final String DROP = "INSERT INTO dropped (number, recorded, space, collection, id, path, bytes)"
            + " SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), space, collection, id, path, bytes FROM cell" + ONE;
    private static final String DELETE = "DELETE FROM cell" + ONE;
    private static final String OLD_PURGES = "SELECT MAX(number) FROM dropped WHERE space = ? AND recorded < ?";
    private static final String FORGET = "DELETE FROM dropped WHERE space = ? AND number <= ?";

    @Override
    public List<SpaceId> spaces(@Nullable SpaceId after, int limit) {
        String last = after == null ? "" : after.name();
        return store.transaction(sql -> sql.list(LIST, row -> SpaceId.of(row.getString(1)), last, limit));
    }

    @Override
    public void deleteSpace(SpaceId space) {
        store.transaction(sql -> {
            spaces.lock(sql, space);
            for (String table : Tables.OF_A_SPACE) {
                sql.update("DELETE FROM " + table + " WHERE space = ?", space.name());
            }
            return sql.update("DELETE FROM space WHERE name = ?", space.name());
        });
        watchers.wake(space);
    }

    @Override
    public void renewEpoch(SpaceId space) {
        store.transaction(sql -> {
            SpaceRow row = spaces.lock(sql, space);
            long now = spaces.now();
            for (String table : Tables.OF_THE_LOG) {
                sql.update("UPDATE " + table + " SET recorded = ? WHERE space = ?", now, space.name());
            }
            spaces.update(sql, space, row.withEpoch(spaces.freshEpoch(), now));
            return row;
        });
        watchers.wake(space);
    }

    @Override
    public Purged purge(SpaceId space, Instant before) {
        long horizon = before.toEpochMilli();
        Purged purged = store.transaction(sql -> {
            SpaceRow row = spaces.lock(sql, space);
            SpaceRow last = row;
            SpaceRow part = row.nextPurge(spaces.now());
            long bytes = 0;
            Purged dropped = Purged.NOTHING;
            for (String document : sql.list(OLD_DOCUMENTS, found -> found.getString(1), space.name(), horizon)) {
                DocumentCells gone = drop(sql, space, document, horizon, part);
                if (gone.cells().isEmpty()) {
                    continue;
                }
                boolean whole = sql.list(ANY, found -> found.getInt(1), space.name(), document)
                        .isEmpty();
                dropped = dropped.plus(new Purged(whole ? 1 : 0, gone.cells().size()));
                last = part;
                bytes += PageBudget.bytes(gone);
                if (bytes >= MAX_PART_BYTES) { // a reader gets each part as a page
                    part = part.nextPurge(spaces.now());
                    bytes = 0;
                }
            }
            // Purges that are older than the horizon are forgotten: who has not read them by now expires (S-20).
            long forgotten = sql.list(OLD_PURGES, found -> found.getLong(1), space.name(), horizon)
                    .get(0);
            sql.update(FORGET, space.name(), forgotten);
            spaces.update(sql, space, last.withFence(Math.max(row.fence(), forgotten)));
            return dropped;
        });
        watchers.wake(space);
        return purged;
    }

    /** Moves what a purge drops of a document to the table of what was dropped, under the purge's number (S-19). */
    private static DocumentCells drop(Sql sql, SpaceId space, String key, long horizon, SpaceRow row)
            throws SQLException {
        Set<String> young = Set.copyOf(sql.list(YOUNG, found -> found.getString(1), space.name(), key, horizon));
        DocumentCells document =
                sql.query(DOCUMENT, CellRows::documents, space.name(), key).get(0);
        DocumentState droppable = Purging.droppable(document.cells(), path -> !young.contains(path.text()));
        for (Path path : droppable.cells().keySet()) {
            String pathKey = CellRows.key(path);
            sql.update(DROP, row.last(), row.recorded(), space.name(), key, pathKey);
            sql.update(DELETE, space.name(), key, pathKey);
        }
        return new DocumentCells(document.id(), droppable);
    }
}
