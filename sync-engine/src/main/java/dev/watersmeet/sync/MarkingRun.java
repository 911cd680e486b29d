package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Metadata;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks all documents of a space by one version of the policy, scan by scan, and records how far it is: who was interrupted is gone on from. For one thread at a time. */
final class MarkingRun {
    private static final Logger log = LoggerFactory.getLogger(MarkingRun.class);

    /** How many cells are scanned at a time. */
    static final int SCANNED_CELLS = 5_000;

    private static final int DOCUMENTS_A_REPORT = 10_000;

    private final Store store;
    private final SpaceId space;
    private final Metadata metadata;
    private final String version;
    private final Consumer<List<DocumentCells>> mark;
    private @Nullable MarkingProgress progress;
    private @Nullable Cursor position;
    private long count;

    private MarkingRun(Store store, SpaceId space, String version, Consumer<List<DocumentCells>> mark) {
        this.store = store;
        this.space = space;
        this.metadata = store.metadata(space);
        this.version = version;
        this.mark = mark;
    }

    /**
     * Begins to mark, or goes on.
     *
     * @param mark marks documents that were scanned
     */
    static MarkingRun begin(Store store, SpaceId space, String version, Consumer<List<DocumentCells>> mark) {
        MarkingRun run = new MarkingRun(store, space, version, mark);
        run.progress = MarkingProgress.recorded(run.metadata).orElse(null);
        boolean goesOn = run.progress != null && run.progress.version().equals(version);
        run.position = run.progress != null && goesOn ? run.progress.position() : null;
        log.info(
                "{} to mark who may read the documents of {} by version {} of the policy",
                run.position == null ? "beginning" : "going on",
                space,
                version);
        run.record(new MarkingProgress(version, false, run.position));
        return run;
    }

    /** Marks what some scans find. True if those were the last documents. */
    boolean steps(int scans) {
        boolean done = false;
        for (int i = 0; i < scans && !done; i++) {
            done = step();
        }
        return done;
    }

    private boolean step() {
        Scan scan = scan();
        mark.accept(scan.documents());
        position = scan.position();
        long before = count;
        count += scan.documents().size();
        if (position == null) {
            record(new MarkingProgress(version, true, null));
            log.info("all documents of {} are marked, {} of them just now", space, count);
            return true;
        }
        if (before / DOCUMENTS_A_REPORT != count / DOCUMENTS_A_REPORT) {
            log.info("{} documents of {} are marked", count, space);
            record(new MarkingProgress(version, false, position));
        }
        return false;
    }

    private void record(MarkingProgress next) {
        if (next.record(metadata, progress)) {
            progress = next;
            return;
        }
        @Nullable MarkingProgress other = MarkingProgress.recorded(metadata).orElse(null);
        if (other != null && other.version().equals(version)) {
            progress = other; // another node marks them, too
        } else { // nothing is recorded over what others do
            log.warn("another node has marked {} meanwhile: run the same version of the policy on all", space);
        }
    }

    private Scan scan() {
        try {
            return store.scan(space, position, SCANNED_CELLS);
        } catch (StoreException e) {
            if (position != null && e.kind() == StoreException.Kind.CURSOR_EXPIRED) {
                return store.scan(space, null, SCANNED_CELLS);
            }
            throw e;
        }
    }
}
