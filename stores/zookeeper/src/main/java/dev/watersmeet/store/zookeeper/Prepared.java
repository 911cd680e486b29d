package dev.watersmeet.store.zookeeper;

import dev.watersmeet.store.Batch;
import java.util.List;

/**
 * A batch that is to be joined.
 *
 * @param deltas its documents, with their bytes
 */
record Prepared(Batch batch, List<Delta> deltas) {
    /** What a document has in a request besides its cells, which are in its znode and in the entry. */
    private static final int DOCUMENT_BYTES = 200;

    private static final int TIMES_WRITTEN = 2;

    static Prepared of(Batch batch) {
        return new Prepared(batch, batch.documents().stream().map(Delta::of).toList());
    }

    /** About how many bytes it takes in a request, if its documents are new. */
    long bytes() {
        return deltas.stream()
                .mapToLong(delta -> DOCUMENT_BYTES + (long) TIMES_WRITTEN * delta.part().length)
                .sum();
    }
}
