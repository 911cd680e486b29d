package dev.watersmeet.client;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.format.SnapshotPage;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far a replica has read. Guarded by the replica's lock. */
final class Reading {
    private @Nullable String cursor;

    /** Where the snapshot that is being read goes on, and what it has shown. */
    private @Nullable String position;

    private final Set<DocumentId> shown = new HashSet<>();

    /** Whether that snapshot is of a server that was put back to an older copy: what it has lost is kept (P-23). */
    private boolean restored;

    /** Up to where this replica has read; null until a snapshot is complete. */
    @Nullable
    String cursor() {
        return cursor;
    }

    /** Where the snapshot goes on; null at its beginning. */
    @Nullable
    String position() {
        return position;
    }

    /** Whether the snapshot is of a server that was put back. */
    boolean ofRestored() {
        return restored;
    }

    /** Whether a snapshot is to be read, or to be read on. */
    boolean needsSnapshot() {
        return cursor == null || restored;
    }

    /** Whether the snapshot has shown a document. */
    boolean hasShown(DocumentId id) {
        return shown.contains(id);
    }

    void movedTo(@Nullable String next) {
        cursor = next;
    }

    /** Nothing goes on from here: the next is a snapshot, from its beginning; or to ask again, if it was of a server that had been put back. */
    void startOver() {
        if (!restored) {
            cursor = null;
        }
        beginSnapshot(false);
    }

    /** The server was put back to an older copy: the next is a snapshot, of which nothing is lost (P-23). */
    void keepWhatIsLost() {
        beginSnapshot(true);
    }

    /** Before a snapshot of a server that was put back is begun, it is asked for again: it may have purged something since it was told of. */
    void askAgain() {
        if (restored && position == null) {
            beginSnapshot(false);
        }
    }

    /** Takes note of a page of the snapshot. Whether it was the last. */
    boolean took(SnapshotPage page) {
        page.documents().forEach(document -> shown.add(document.id()));
        position = page.position();
        return position == null;
    }

    /** The snapshot is complete, and was joined. */
    void finished(SnapshotPage last) {
        beginSnapshot(false);
        cursor = last.cursor();
    }

    private void beginSnapshot(boolean isRestored) {
        position = null;
        shown.clear();
        restored = isRestored;
    }
}
