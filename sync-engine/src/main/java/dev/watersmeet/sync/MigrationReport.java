package dev.watersmeet.sync;

/**
 * What one run of a migration has done; what an interrupted run before has done is not in it.
 *
 * @param documents the documents that were looked at, of the collections that differ
 * @param migrated of these, the ones that were edited
 * @param unconverted the values that could not be taken over and were left where they were
 */
public record MigrationReport(long documents, long migrated, long unconverted) {
    @Override
    public String toString() {
        return documents + " documents, " + migrated + " edited, " + unconverted + " values left as they were";
    }
}
