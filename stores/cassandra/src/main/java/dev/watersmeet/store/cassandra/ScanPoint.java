package dev.watersmeet.store.cassandra;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Where a slice of a scan begins.
 *
 * @param shard in which partition
 * @param document after which document; null at the partition's beginning
 */
record ScanPoint(int shard, @Nullable DocumentId document) {
    static final ScanPoint BEGINNING = new ScanPoint(0, null);

    static ScanPoint after(int shard, DocumentId document) {
        return new ScanPoint(shard, document);
    }

    static ScanPoint parse(@Nullable String text) {
        if (text == null) {
            return BEGINNING;
        }
        String[] parts = text.split("\n", 3); // a collection's name has no control characters
        try {
            int shard = Integer.parseInt(parts[0]);
            if (parts.length == 3 && shard >= 0 && shard < Cells.SHARDS) {
                return new ScanPoint(shard, new DocumentId(parts[1], Value.ofCanonical(parts[2])));
            }
        } catch (NumberFormatException | MalformedException e) {
            throw new StoreException(StoreException.Kind.CURSOR_EXPIRED, "not a point of a scan: " + text, e);
        }
        throw new StoreException(StoreException.Kind.CURSOR_EXPIRED, "not a point of a scan: " + text);
    }

    @Override
    public String toString() {
        return document == null
                ? shard + ""
                : shard + "\n" + document.collection() + "\n" + document.id().text();
    }
}
