package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;

/** The columns of a batch, in the order in which they stand in it (M-28). */
enum BatchColumn {
    /** Names of collections (M-29). */
    COLLECTIONS,
    /** Replica ids (M-29). */
    REPLICAS,
    /** Texts of paths without their replicas (M-29). */
    PATHS,
    /** What is special about each document: runs (M-30). */
    DOCUMENT_FLAGS,
    /** Each document's collection: runs (M-30). */
    DOCUMENT_COLLECTIONS,
    /** How long each document's id is (M-30). */
    DOCUMENT_ID_LENGTHS,
    /** The texts of the documents' ids (M-30). */
    DOCUMENT_IDS,
    /** How many cells of each document are listed (M-30). */
    DOCUMENT_CELLS,
    /** How far each cell's path is from the one before (M-31). */
    CELL_PATHS,
    /** Whether cells are removed: runs (M-31). */
    CELL_REMOVED,
    /** The milliseconds of stamps, as differences (M-32). */
    STAMP_MILLIS,
    /** The counters of stamps: runs (M-32). */
    STAMP_COUNTERS,
    /** The replicas of stamps: runs (M-32). */
    STAMP_REPLICAS,
    /** The replicas at the ends of paths, where they are not the stamps': runs (M-31). */
    PATH_REPLICAS,
    /** How long each value is (M-34). */
    VALUE_LENGTHS,
    /** The texts of the values (M-34). */
    VALUES;

    /** What a map holds for this column, which every map of columns does. */
    <T> T of(Map<BatchColumn, T> columns) {
        return requireNonNull(columns.get(this));
    }

    /** The name as the specification has it. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
