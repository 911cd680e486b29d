package dev.watersmeet.store;

/**
 * What a purge has dropped.
 *
 * @param documents the number of documents that are gone as a whole
 * @param cells the number of cells that are gone, those of these documents among them
 */
public record Purged(long documents, long cells) {
    /** Nothing. */
    public static final Purged NOTHING = new Purged(0, 0);

    /** This and what was dropped besides. */
    public Purged plus(Purged other) {
        return new Purged(documents + other.documents, cells + other.cells);
    }
}
