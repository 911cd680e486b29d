package dev.watersmeet.store.jdbc;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.StoreException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of a space stands. A cursor is {@code epoch.number}, a position {@code epoch~document}.
 *
 * @param epoch random; another one for each life of the space
 * @param last the number of the last batch or purge
 * @param purged the number of the last purge
 * @param fence the number of the last purge that is forgotten: cursors from before it expire
 * @param recorded when the last was recorded, in Unix milliseconds
 * @param formerEpoch the epoch that was renewed last; empty if none was
 * @param formerLast the number of the last batch or purge before that
 */
record SpaceRow(String epoch, long last, long purged, long fence, long recorded, String formerEpoch, long formerLast) {
    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{16})\\.(0|[1-9][0-9]{0,17})");
    private static final Pattern POSITION = Pattern.compile("([0-9a-f]{16})~([0-9a-f]{64})");

    static SpaceRow of(ResultSet row) throws SQLException {
        return new SpaceRow(
                row.getString("epoch"),
                row.getLong("last"),
                row.getLong("purged"),
                row.getLong("fence"),
                row.getLong("recorded"),
                row.getString("former_epoch"),
                row.getLong("former_last"));
    }

    /** The row after one more batch. Time never runs backwards along the log (S-18). */
    SpaceRow next(long now) {
        return new SpaceRow(epoch, last + 1, purged, fence, Math.max(recorded, now), formerEpoch, formerLast);
    }

    /** The row after a purge, which is an entry as well (S-19). */
    SpaceRow nextPurge(long now) {
        return new SpaceRow(epoch, last + 1, last + 1, fence, Math.max(recorded, now), formerEpoch, formerLast);
    }

    SpaceRow withFence(long number) {
        return new SpaceRow(epoch, last, purged, number, recorded, formerEpoch, formerLast);
    }

    /** The row with a new epoch, whose time begins now (S-21). */
    SpaceRow withEpoch(String fresh, long now) {
        return new SpaceRow(fresh, last, purged, fence, now, epoch, last);
    }

    Cursor cursor(long number) {
        return new Cursor(epoch + "." + number);
    }

    Cursor position(String document) {
        return new Cursor(epoch + "~" + document);
    }

    static CursorState state(@Nullable SpaceRow row, Cursor cursor) {
        Matcher parts = CURSOR.matcher(cursor.text());
        if (row == null || !parts.matches()) {
            return CursorState.EXPIRED;
        }
        long number = Long.parseLong(parts.group(2));
        if (!parts.group(1).equals(row.epoch)) {
            boolean former = parts.group(1).equals(row.formerEpoch) && row.purged <= row.formerLast;
            return former && number >= row.purged ? CursorState.BEFORE_RENEWAL : CursorState.EXPIRED; // S-25
        }
        if (number < row.fence || number > row.last) {
            return CursorState.EXPIRED;
        }
        return number < row.purged ? CursorState.BEFORE_PURGE : CursorState.CURRENT;
    }

    /** The number in a cursor that goes on. */
    static long number(@Nullable SpaceRow row, Cursor cursor) {
        CursorState state = state(row, cursor);
        if (state == CursorState.EXPIRED || state == CursorState.BEFORE_RENEWAL) {
            throw expired(cursor);
        }
        return Long.parseLong(cursor.text().substring(cursor.text().indexOf('.') + 1));
    }

    /** The document in a position. */
    static String document(@Nullable SpaceRow row, Cursor position) {
        Matcher parts = POSITION.matcher(position.text());
        if (row == null || !parts.matches() || !parts.group(1).equals(row.epoch)) {
            throw expired(position);
        }
        return parts.group(2);
    }

    static StoreException expired(Cursor cursor) {
        return new StoreException(StoreException.Kind.CURSOR_EXPIRED, "not, or no longer, a cursor here: " + cursor);
    }
}
