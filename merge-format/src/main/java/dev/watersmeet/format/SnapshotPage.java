package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a snapshot (P-12).
 *
 * @param time the server's clock, Unix milliseconds
 * @param documents documents with all their cells
 * @param position where the next page goes on; null on the last page
 * @param cursor from where the changes go on after the last page
 * @param total about how many documents the snapshot has
 * @param last the last accepted push of the replica that asks, if there is one
 * @param schema the fingerprint of the server's schema, if it says so (P-25)
 */
public record SnapshotPage(
        long time,
        List<DocumentCells> documents,
        @Nullable String position,
        String cursor,
        long total,
        @Nullable PushOutcome last,
        @Nullable String schema) {
    public SnapshotPage {
        documents = List.copyOf(documents);
        requireNonNull(cursor);
    }

    /** A page that does not name a schema. */
    public SnapshotPage(
            long time,
            List<DocumentCells> documents,
            @Nullable String position,
            String cursor,
            long total,
            @Nullable PushOutcome last) {
        this(time, documents, position, cursor, total, last, null);
    }
}
