package dev.watersmeet.sync;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.FieldMigration;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run over all documents of a space, from one schema to another. What is done is kept after each page, so that a run which was interrupted is gone on with by the next; a document that was taken
 * over already is passed by.
 */
final class Migration {
    private static final Logger log = LoggerFactory.getLogger(Migration.class);
    private static final String DONE = "";

    /** About how many cells are read at once. */
    private final int pageCells;

    private final Space space;
    private final Store store;
    private final Schema from;
    private final Schema to;
    private final MigrationListener listener;
    private long documents;
    private long migrated;
    private long unconverted;

    Migration(Space space, Store store, Schema from, Schema to, MigrationListener listener, int pageCells) {
        this.space = space;
        this.store = store;
        this.from = from;
        this.to = to;
        this.listener = listener;
        this.pageCells = pageCells;
    }

    MigrationReport run() {
        Metadata metadata = store.metadata(space.id());
        String key = "migration/" + from.fingerprint() + "/" + to.fingerprint();
        String kept = metadata.get(key).orElse(null);
        Scan page = resume(kept);
        while (true) {
            page.documents().forEach(this::migrate);
            Cursor position = page.position();
            String reached = position == null ? DONE : position.text();
            if (!reached.equals(kept) && !metadata.compareAndSet(key, kept, reached)) {
                throw new IllegalStateException("the space " + space.id() + " is being migrated by two at a time");
            }
            kept = reached;
            if (position == null) {
                MigrationReport report = new MigrationReport(documents, migrated, unconverted);
                log.info("{} was migrated: {}", space.id(), report);
                return report;
            }
            page = store.scan(space.id(), position, pageCells);
        }
    }

    /** The page after the one that the run before has done. Its position may be too old: then all begins anew. */
    private Scan resume(@Nullable String position) {
        if (position != null && !position.equals(DONE)) {
            try {
                return store.scan(space.id(), new Cursor(position), pageCells);
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.CURSOR_EXPIRED) {
                    throw e;
                }
                log.info("the migration of {} begins anew: the store no longer knows how far it was", space.id());
            }
        }
        return store.scan(space.id(), null, pageCells);
    }

    private void migrate(DocumentCells document) {
        DocumentId id = document.id();
        CollectionSchema former = from.collection(id.collection());
        CollectionSchema next = to.collection(id.collection());
        if (former.equals(next)) {
            return;
        }
        documents++;
        List<FieldMigration.Unconverted> left = new ArrayList<>();
        if (space.collection(id.collection()).migrate(id, former, left)) {
            migrated++;
        }
        for (FieldMigration.Unconverted each : left) {
            unconverted++;
            listener.onUnconverted(id, each);
        }
    }
}
