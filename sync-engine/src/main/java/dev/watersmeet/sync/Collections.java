package dev.watersmeet.sync;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.Schema;

/**
 * The collections that an engine knows.
 *
 * @param schema their schemas
 * @param onlyDeclared whether documents of other collections are refused; otherwise they are collections of registers
 */
record Collections(Schema schema, boolean onlyDeclared) {
    boolean admits(String collection) {
        return !onlyDeclared || schema.declares(collection);
    }

    CollectionSchema schema(String collection) {
        return schema.collection(collection);
    }
}
