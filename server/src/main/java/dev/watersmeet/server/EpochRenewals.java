package dev.watersmeet.server;

import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.CursorState;
import dev.watersmeet.store.Maintenance;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives all spaces of a store that was put back a new epoch, each exactly once: a second renewal would keep clients from giving back what the copy lacks.
 *
 * <p>So before a space is renewed, the name of the restore and a cursor of then are noted among its metadata. Where they are found, the cursor tells whether the renewal came about.
 */
final class EpochRenewals {
    private static final Logger log = LoggerFactory.getLogger(EpochRenewals.class);

    private static final String NOTE = "watersmeet.restored";
    private static final int SPACES = 1000;

    private final Store store;
    private final Maintenance maintenance;
    private final String restore;

    /** @param restore the name of the restore: a line of its own in the note */
    EpochRenewals(Store store, String restore) {
        this.store = store;
        this.maintenance = store.maintenance();
        this.restore = restore;
    }

    /**
     * How many spaces there were.
     *
     * @param renewed that had not been before under this name
     * @param failed that could not be renewed
     * @param all of them
     */
    record Count(long renewed, long failed, long all) {}

    /**
     * Renews all spaces that were not under this name. One that cannot be renewed keeps none of the others from it.
     *
     * @param progress told after each space, with the count so far
     */
    Count run(BiConsumer<SpaceId, Count> progress) {
        Count count = new Count(0, 0, 0);
        @Nullable SpaceId last = null;
        List<SpaceId> spaces = maintenance.spaces(null, SPACES);
        while (!spaces.isEmpty()) {
            for (SpaceId space : spaces) {
                last = space;
                count = renewed(space, count);
                progress.accept(space, count);
            }
            spaces = maintenance.spaces(last, SPACES);
        }
        return count;
    }

    private Count renewed(SpaceId space, Count before) {
        try {
            return new Count(before.renewed() + (renew(space) ? 1 : 0), before.failed(), before.all() + 1);
        } catch (StoreException e) {
            log.error("the epoch of the space {} could not be renewed", space, e);
            return new Count(before.renewed(), before.failed() + 1, before.all() + 1);
        }
    }

    private boolean renew(SpaceId space) {
        Metadata metadata = store.metadata(space);
        Optional<String> note = metadata.get(NOTE);
        Optional<Cursor> before = note.flatMap(this::cursor);
        if (before.isEmpty()) {
            Cursor head = store.head(space);
            if (!metadata.compareAndSet(NOTE, note.orElse(null), restore + "\n" + head.text())) {
                throw new StoreException(
                        StoreException.Kind.UNAVAILABLE, "somebody else is renewing the epochs as well: let one do it");
            }
            before = Optional.of(head);
        }
        CursorState state = store.check(space, before.get());
        if (state != CursorState.CURRENT && state != CursorState.BEFORE_PURGE) {
            return false; // of a former epoch
        }
        maintenance.renewEpoch(space);
        return true;
    }

    /** The cursor of a note, if that is of this restore. */
    private Optional<Cursor> cursor(String note) {
        String prefix = restore + "\n";
        return note.startsWith(prefix) ? Optional.of(new Cursor(note.substring(prefix.length()))) : Optional.empty();
    }
}
