package dev.watersmeet.sync;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.format.Page;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.PageBudget;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.List;
import java.util.stream.Stream;

/** Pages of changes. Many live feeds stand at the same cursor and ask for the same page: it is read once for all. Thread-safe. */
final class Pages {
    private static final long MAX_CACHED_BYTES = 32L << 20;
    private static final long PAGE_OVERHEAD_BYTES = 512;

    private final Store store;
    private final int limit;
    private final Cache<Key, Page> cache = Caffeine.newBuilder()
            .maximumWeight(MAX_CACHED_BYTES)
            .weigher((Key key, Page page) -> weight(page))
            .executor(Runnable::run) // to wake another thread for what there is to do takes longer
            .build();

    /** What a page was read for; it is the same page as long as nothing was added, that is, as long as the head is the same. */
    private record Key(SpaceId space, Cursor after, Cursor head) {}

    Pages(Store store, int limit) {
        this.store = store;
        this.limit = limit;
    }

    /** About how many bytes a page takes; an empty one takes some, too. */
    private static int weight(Page page) {
        long bytes = Stream.concat(page.documents().stream(), page.dropped().stream())
                .mapToLong(PageBudget::bytes)
                .sum();
        return (int) Math.min(Integer.MAX_VALUE, PAGE_OVERHEAD_BYTES + bytes);
    }

    /**
     * The page after a cursor: of what was written, or of what was purged (P-21).
     *
     * @throws StoreException of kind {@code CURSOR_EXPIRED} if nothing goes on from the cursor
     */
    Page after(SpaceId space, Cursor cursor) {
        CursorState state = store.check(space, cursor);
        if (state != CursorState.CURRENT && state != CursorState.BEFORE_PURGE) {
            throw expired(cursor);
        }
        Cursor head = store.head(space);
        if (head.equals(cursor)) {
            return new Page(List.of(), cursor.text(), false);
        }
        return cache.get(new Key(space, cursor, head), key -> {
            Changes changes = store.changes(key.space(), key.after(), limit);
            String next = changes.cursor().text();
            List<DocumentCells> dropped = AccessMarks.without(changes.dropped());
            return dropped.isEmpty()
                    ? new Page(AccessMarks.without(changes.documents()), next, changes.more())
                    : Page.purged(dropped, next, changes.more());
        });
    }

    static StoreException expired(Cursor cursor) {
        return new StoreException(StoreException.Kind.CURSOR_EXPIRED, "nothing goes on from the cursor " + cursor);
    }
}
