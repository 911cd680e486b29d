package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * How the documents of a collection are read and written.
 *
 * @param fields the types of fields that are more than registers
 * @param deletion what a deletion does to edits that the deleter had not seen
 */
public record CollectionSchema(Map<String, FieldType> fields, DeletionPolicy deletion) {
    /** Registers only, deleted by {@link DeletionPolicy#ADD_WINS}. */
    public static final CollectionSchema REGISTERS = new CollectionSchema(Map.of(), DeletionPolicy.ADD_WINS);

    public CollectionSchema {
        fields = Map.copyOf(fields);
        requireNonNull(deletion);
    }

    /** A schema with the given types of fields, deleted by {@link DeletionPolicy#ADD_WINS}. */
    public static CollectionSchema of(Map<String, FieldType> fields) {
        return new CollectionSchema(fields, DeletionPolicy.ADD_WINS);
    }

    /** The same fields under another policy of deletion. */
    public CollectionSchema with(DeletionPolicy policy) {
        return new CollectionSchema(fields, policy);
    }

    /** The type of a field. */
    public FieldType type(String field) {
        return fields.getOrDefault(field, FieldType.REGISTER);
    }
}
