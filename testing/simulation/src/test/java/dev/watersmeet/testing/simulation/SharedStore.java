package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reference store, which all servers of a run share. All that is done to it is kept, so that it can be put back to what it was: to a backup, or to what had reached the disk.
 *
 * <p>Its epochs have names that do not depend on chance, so that cursors are the same in each replay. A copy knows those that there had been when it was made.
 */
final class SharedStore {
    static final SpaceId SPACE = SpaceId.of("shop-7");

    private final Schedule schedule;
    private final History history;
    private final int pageCells;
    private final List<Done> done = new ArrayList<>();
    /** The epochs' own names, by ours. */
    private final Map<String, String> epochs = new HashMap<>();

    /** What is being written, where readers pass that by: a planted bug. */
    @Nullable
    Batch underWay;

    private Store data;
    private long time;
    private String epoch = "epoch0";
    private int restored;

    /** Something that was done, how many writes there were before it, when, and the epoch that it has led to. */
    private record Done(long time, int writes, String epoch, Consumer<Store> action) {}

    /** @param pageCells about how many cells a page has: few, so that there are many */
    SharedStore(Schedule schedule, History history, int pageCells) {
        this.schedule = schedule;
        this.history = history;
        this.pageCells = pageCells;
        this.data = MemoryStore.empty(() -> time, Limits.ROOMY);
        name();
        mark();
    }

    private void mark() {
        history.marks(head().text());
    }

    private void apply(Consumer<Store> action) {
        time = schedule.now();
        action.accept(data);
        done.add(new Done(time, history.writes(), epoch, action));
        name();
    }

    History history() {
        return history;
    }

    Store data() {
        return data;
    }

    /**
     * Applies a batch.
     *
     * @param own tells what the server itself did, if it is its own
     */
    Cursor join(Batch batch, @Nullable Supplier<@Nullable Happening> own) {
        Batch inside = batch.basis() == null ? batch : batch.basedOn(inside(batch.basis(), '.'));
        time = schedule.now();
        data.join(SPACE, inside); // may be refused
        Batch again = new Batch(batch.documents(), batch.mark(), null, null);
        done.add(new Done(time, history.writes(), epoch, store -> store.join(SPACE, again)));
        history.applied(batch, own == null ? null : own.get());
        mark();
        return head();
    }

    boolean compareAndSet(String key, @Nullable String expected, String value) {
        boolean set = data.metadata(SPACE).compareAndSet(key, expected, value);
        if (set) {
            done.add(new Done(schedule.now(), history.writes(), epoch, store -> store.metadata(SPACE)
                    .compareAndSet(key, expected, value)));
        }
        return set;
    }

    Cursor head() {
        return outside(data.head(SPACE), '.');
    }

    CursorState check(Cursor cursor) {
        return data.check(SPACE, inside(cursor, '.'));
    }

    Changes changes(Cursor after) {
        Changes page = data.changes(SPACE, inside(after, '.'), pageCells);
        return new Changes(page.documents(), page.dropped(), outside(page.cursor(), '.'), page.more());
    }

    Scan scan(@Nullable Cursor position) {
        Scan page = data.scan(SPACE, position == null ? null : inside(position, '~'), pageCells);
        return new Scan(page.documents(), page.position() == null ? null : outside(page.position(), '~'));
    }

    /** Forgets removals and dead documents that were recorded before a moment. */
    void purge(long before) {
        Set<DocumentId> gone = documents();
        apply(store -> store.maintenance().purge(SPACE, Instant.ofEpochMilli(before)));
        gone.removeAll(documents());
        history.purged(gone);
        mark();
        schedule.note(() -> "the store is purged; gone are " + gone + "; now at " + head());
    }

    private Set<DocumentId> documents() {
        Set<DocumentId> documents = new HashSet<>();
        Cursor position = null;
        do {
            Scan page = data.scan(SPACE, position, 1000);
            page.documents().stream().map(DocumentCells::id).forEach(documents::add);
            position = page.position();
        } while (position != null);
        return documents;
    }

    /** How much has been done: what a backup holds, or a disk. */
    int size() {
        return done.size();
    }

    /**
     * Puts the store back to an older copy, as an operator does.
     *
     * @param renewEpoch whether cursors end, as they have to
     */
    void restore(int size, boolean renewEpoch) {
        history.restored(size < done.size() ? done.get(size).writes : history.writes());
        putBack(size, renewEpoch);
    }

    /** Loses the last steps, which nobody knows of. */
    void lose(int steps) {
        putBack(Math.max(0, done.size() - steps), false);
    }

    private void putBack(int size, boolean renewEpoch) {
        List<Done> kept = List.copyOf(done.subList(0, size));
        done.clear();
        done.addAll(kept);
        data = MemoryStore.empty(() -> time, Limits.ROOMY);
        epochs.clear();
        epoch = "epoch0";
        name();
        for (Done again : kept) {
            time = again.time;
            again.action.accept(data);
            epoch = again.epoch;
            name();
        }
        if (renewEpoch) {
            epoch = "epoch" + ++restored;
            apply(store -> store.maintenance().renewEpoch(SPACE));
        }
        mark();
        schedule.note(() -> "the store is put back to its first " + size + " steps; now at " + head());
    }

    /** Whether a cursor is of an epoch before this one. */
    boolean isOfEarlierEpoch(Cursor cursor) {
        int end = cursor.text().indexOf('.');
        return end >= 0
                && !cursor.text().substring(0, end).equals(epoch)
                && cursor.text().startsWith("epoch");
    }

    /** Takes note of what the store itself calls its epoch. */
    private void name() {
        String head = data.head(SPACE).text();
        epochs.put(epoch, head.substring(0, head.indexOf('.')));
    }

    private Cursor outside(Cursor cursor, char separator) {
        return new Cursor(epoch + cursor.text().substring(cursor.text().indexOf(separator)));
    }

    private Cursor inside(Cursor cursor, char separator) {
        int end = cursor.text().indexOf(separator);
        String own = end < 0 ? null : epochs.get(cursor.text().substring(0, end));
        return own == null ? cursor : new Cursor(own + cursor.text().substring(end));
    }
}
