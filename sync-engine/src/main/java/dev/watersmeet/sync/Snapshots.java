package dev.watersmeet.sync;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Pages through spaces (P-12). The position that a client holds carries all there is to know, so that any node goes on with it. */
final class Snapshots {
    private static final Pattern POSITION = Pattern.compile("([0-9]{1,18}):([0-9]{1,4}):(.+)");

    private final Store store;

    Snapshots(Store store) {
        this.store = store;
    }

    /**
     * A page of a snapshot.
     *
     * @param scan the documents, and the store's own position
     * @param cursor from where the changes go on
     * @param total how many documents there were at the start
     */
    record SnapshotScan(Scan scan, Cursor cursor, long total) {
        @Nullable
        String position() {
            Cursor next = scan.position();
            return next == null ? null : total + ":" + cursor.text().length() + ":" + cursor.text() + next.text();
        }
    }

    SnapshotScan page(SpaceId space, @Nullable String position, int limit) {
        if (position == null) {
            Cursor cursor = store.head(space); // before the scan starts (S-10)
            return new SnapshotScan(store.scan(space, null, limit), cursor, store.count(space));
        }
        Matcher matcher = POSITION.matcher(position);
        if (!matcher.matches()) {
            throw MalformedException.of("a position is one that a snapshot has answered", position);
        }
        int length = Integer.parseInt(matcher.group(2));
        String rest = matcher.group(3);
        if (length < 1 || length >= rest.length()) {
            throw MalformedException.of("a position is one that a snapshot has answered", position);
        }
        Cursor cursor = new Cursor(rest.substring(0, length));
        Scan scan = store.scan(space, new Cursor(rest.substring(length)), limit);
        return new SnapshotScan(scan, cursor, Long.parseLong(matcher.group(1)));
    }
}
