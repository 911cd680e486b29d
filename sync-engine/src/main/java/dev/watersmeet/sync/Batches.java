package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Batch;
import dev.watersmeet.store.FormerMark;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.PageBudget;
import java.util.ArrayList;
import java.util.List;

/**
 * A push as batches that a store takes: one, unless it is above the store's limits. No document is split (P-8), and the mark is with the last batch: a push that is interrupted before was not accepted, is sent again, and what
 * was joined of it is joined again.
 */
final class Batches {
    private final Limits limits;
    private final List<Batch> batches = new ArrayList<>();
    private final List<DocumentCells> documents = new ArrayList<>();
    private long bytes;
    private int cells;

    private Batches(Limits limits) {
        this.limits = limits;
    }

    /** The batches of documents of which none is above a limit by itself. */
    static List<Batch> of(List<DocumentCells> documents, Mark mark, FormerMark former, Limits limits) {
        Batches split = new Batches(limits);
        documents.forEach(split::add);
        split.batches.add(Batch.of(split.documents, mark).following(former));
        return split.batches;
    }

    /** The batches of documents that are no push. */
    static List<Batch> of(List<DocumentCells> documents, Limits limits) {
        Batches split = new Batches(limits);
        documents.forEach(split::add);
        split.end();
        return split.batches;
    }

    private void add(DocumentCells document) {
        long size = PageBudget.bytes(document);
        int count = document.cells().size();
        if (bytes + size > limits.batchBytes() || cells + count > limits.batchCells()) {
            end();
        }
        documents.add(document);
        bytes += size;
        cells += count;
    }

    private void end() {
        if (!documents.isEmpty()) {
            batches.add(Batch.of(documents));
            documents.clear();
            bytes = 0;
            cells = 0;
        }
    }
}
