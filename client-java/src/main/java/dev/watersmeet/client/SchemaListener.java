package dev.watersmeet.client;

import dev.watersmeet.crdt.SchemaDifference;
import java.util.List;

/**
 * Is told where the server declares the collections otherwise than this replica (P-25): documents are then read here as nobody else reads them, and edits of such fields are refused as {@code
 * schema-mismatch}.
 */
@FunctionalInterface
public interface SchemaListener {
    /**
     * Called by the thread that calls {@link ReplicaClient#sync()}, without a lock, when the server's schema is first seen and each time that it has changed. What it throws is logged.
     *
     * @param differences what differs; empty if what was told before does so no more
     */
    void onDifferences(List<SchemaDifference> differences);
}
