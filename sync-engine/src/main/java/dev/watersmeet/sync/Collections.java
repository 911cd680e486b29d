package dev.watersmeet.sync;

import dev.watersmeet.crdt.CollectionSchema;
import java.util.Map;

/**
 * The collections that an engine knows.
 *
 * @param schemas the schemas of collections by name
 * @param onlyDeclared whether documents of other collections are refused; otherwise they are collections of registers
 */
record Collections(Map<String, CollectionSchema> schemas, boolean onlyDeclared) {
    Collections {
        schemas = Map.copyOf(schemas);
    }

    boolean admits(String collection) {
        return !onlyDeclared || schemas.containsKey(collection);
    }

    CollectionSchema schema(String collection) {
        return schemas.getOrDefault(collection, CollectionSchema.REGISTERS);
    }
}
