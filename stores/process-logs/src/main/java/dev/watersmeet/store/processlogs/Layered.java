package dev.watersmeet.store.processlogs;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;

/**
 * A document as a backend holds it.
 *
 * @param document its joined cells
 * @param generations under how many generations cells of it are kept: a purge writes those with many anew, so that reading stays cheap
 */
public record Layered(DocumentCells document, int generations) {
    public Layered {
        requireNonNull(document);
    }
}
