package dev.watersmeet.sync;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.FieldMigration;

/** Is told of what a migration could not take over. */
@FunctionalInterface
public interface MigrationListener {
    /**
     * Called by the thread that migrates.
     *
     * @param document the document in which the value stays, unseen
     * @param value the value, the two types, and why
     */
    void onUnconverted(DocumentId document, FieldMigration.Unconverted value);
}
