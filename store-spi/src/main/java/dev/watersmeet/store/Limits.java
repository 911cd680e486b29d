package dev.watersmeet.store;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How large a part of what a store is handed may be (S-15), in bytes as {@link PageBudget} counts them. They are checked before anything is sent, by the engine, which then gives a verdict for each document, and again by
 * the store.
 *
 * @param cellBytes a cell with its path
 * @param documentBytes the cells of a document in one batch; a store that keeps a document in one piece may refuse a batch also because the document, or those of the batch together, would be larger with it
 * @param batchBytes the cells of a batch, without its mark
 * @param batchCells the number of a batch's cells
 * @param markBytes a mark, as {@link Mark#bytes} counts it; at least {@link #LEAST_MARK_BYTES}
 */
public record Limits(long cellBytes, long documentBytes, long batchBytes, int batchCells, long markBytes) {
    /** The largest cell that there can be: a store that takes it refuses no cell. */
    public static final long LARGEST_CELL_BYTES = PageBudget.CELL_BYTES + Path.MAX_BYTES + Value.MAX_BYTES;

    /** What every store has to take of a mark: a push of one document can always be recorded. */
    public static final long LEAST_MARK_BYTES = 8 << 10;

    /** Limits above what a push over HTTP can have, for a store that has none of its own. */
    public static final Limits ROOMY = new Limits(LARGEST_CELL_BYTES, 16L << 20, 16L << 20, 50_000, 2L << 20);

    public Limits {
        if (cellBytes < 1 || documentBytes < cellBytes || batchBytes < documentBytes || batchCells < 1) {
            throw new IllegalArgumentException("of the limits of a cell, a document and a batch none is below the one"
                    + " before: " + cellBytes + ", " + documentBytes + ", " + batchBytes + " bytes, " + batchCells
                    + " cells");
        }
        if (markBytes < LEAST_MARK_BYTES) {
            throw new IllegalArgumentException(
                    "a store takes marks of " + LEAST_MARK_BYTES + " bytes at least, not " + markBytes);
        }
    }

    /** What of a document is above a limit, in a sentence that names both; empty if nothing is. */
    public Optional<String> excess(DocumentCells document) {
        return excess(document, PageBudget.bytes(document));
    }

    private Optional<String> excess(DocumentCells document, long documentSize) {
        if (documentSize > cellBytes) { // otherwise no cell can be
            Optional<String> excess = cellExcess(document);
            if (excess.isPresent()) {
                return excess;
            }
        }
        if (documentSize > documentBytes) {
            return Optional.of(
                    "a document has at most " + documentBytes + " bytes in this store; found " + documentSize);
        }
        int cells = document.cells().size();
        if (cells > batchCells) {
            return Optional.of("a document has at most " + batchCells + " cells in this store; found " + cells);
        }
        return Optional.empty();
    }

    private Optional<String> cellExcess(DocumentCells document) {
        for (Map.Entry<Path, Cell> entry : document.cells().cells().entrySet()) {
            long bytes = PageBudget.bytes(entry.getKey(), entry.getValue());
            if (bytes > cellBytes) {
                return Optional.of("a cell has at most " + cellBytes + " bytes in this store; the one at "
                        + entry.getKey() + " has " + bytes);
            }
        }
        return Optional.empty();
    }

    /**
     * Checks a batch: what every store does first when it joins one.
     *
     * @return the bytes of its documents, as {@link PageBudget} counts
     * @throws StoreException of kind {@code TOO_LARGE} if it is above a limit; it names the documents that are above one by themselves
     */
    public long check(Batch batch) {
        Map<DocumentId, String> excesses = new LinkedHashMap<>();
        int cells = 0;
        long bytes = 0;
        for (DocumentCells document : batch.documents()) {
            long documentSize = PageBudget.bytes(document);
            bytes += documentSize;
            excess(document, documentSize).ifPresent(excess -> excesses.put(document.id(), excess));
            cells += document.cells().size();
        }
        if (!excesses.isEmpty()) {
            Map.Entry<DocumentId, String> first = excesses.entrySet().iterator().next();
            throw StoreException.tooLarge(excesses.keySet(), first.getKey() + ": " + first.getValue());
        }
        requireAtMost(batchBytes, "a batch", "bytes", bytes);
        requireAtMost(batchCells, "a batch", "cells", cells);
        requireAtMost(
                markBytes,
                "a mark",
                "bytes",
                batch.mark() == null ? 0 : batch.mark().bytes());
        return bytes;
    }

    private static void requireAtMost(long limit, String what, String unit, long found) {
        if (found > limit) {
            throw new StoreException(
                    StoreException.Kind.TOO_LARGE,
                    what + " has at most " + limit + " " + unit + " in this store; found " + found);
        }
    }
}
