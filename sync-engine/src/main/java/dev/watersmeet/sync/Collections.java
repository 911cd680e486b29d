package dev.watersmeet.sync;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Schema;
import java.util.Optional;

/**
 * The collections that an engine knows.
 *
 * @param schema their schemas
 * @param fingerprint of the schema (P-25)
 * @param onlyDeclared whether documents of other collections are refused; otherwise they are collections of registers
 */
record Collections(Schema schema, String fingerprint, boolean onlyDeclared) {
    static Collections of(Schema schema, boolean onlyDeclared) {
        return new Collections(schema, schema.fingerprint(), onlyDeclared);
    }

    boolean admits(String collection) {
        return !onlyDeclared || schema.declares(collection);
    }

    CollectionSchema schema(String collection) {
        return schema.collection(collection);
    }

    /** What is wrong with a live cell of a collection: nobody would read it, for its field is declared as something else (P-25). Empty for fields that are not declared. */
    Optional<String> mismatch(String collection, Path path) {
        CollectionSchema declared = schema(collection);
        FieldType found = FieldType.reading(path.kind());
        boolean anything = declared.fields().isEmpty() && declared.local().isEmpty();
        if (found == null || anything) { // of no field, or of any
            return Optional.empty();
        }
        String field = path.field();
        if (declared.isLocal(field)) {
            return Optional.of("the field " + field + " is declared local: it has no cells");
        }
        if (!declared.fields().containsKey(field) || declared.type(field).reads(path.kind())) {
            return Optional.empty();
        }
        return Optional.of("the field " + field + " is declared as a "
                + declared.type(field).text() + ", and the cell at " + path + " is of a " + found.text());
    }
}
