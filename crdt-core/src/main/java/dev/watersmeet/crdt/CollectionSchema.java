package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;

/**
 * How the documents of a collection are read and written. A field that is not named is a register.
 *
 * @param fields the types of fields
 * @param deletion what a deletion does to edits that the deleter had not seen
 * @param local the fields that stay on their device: they never become cells, and are passed over where a record is put (M-37)
 */
public record CollectionSchema(Map<String, FieldType> fields, DeletionPolicy deletion, Set<String> local) {
    /** Registers only, deleted by {@link DeletionPolicy#ADD_WINS}. */
    public static final CollectionSchema REGISTERS = of(Map.of());

    /** @throws MalformedException if a field has a type and is local, or its name is too long to stand in a path */
    public CollectionSchema {
        fields = Map.copyOf(fields);
        requireNonNull(deletion);
        local = Set.copyOf(local);
        for (String field : local) {
            if (fields.containsKey(field)) {
                throw MalformedException.of("a local field has no type", field);
            }
            Path.register(field);
        }
        fields.keySet().forEach(Path::register);
    }

    /** A schema with the given types of fields, deleted by {@link DeletionPolicy#ADD_WINS}. */
    public static CollectionSchema of(Map<String, FieldType> fields) {
        return new CollectionSchema(fields, DeletionPolicy.ADD_WINS, Set.of());
    }

    /** The same fields under another policy of deletion. */
    public CollectionSchema with(DeletionPolicy policy) {
        return new CollectionSchema(fields, policy, local);
    }

    /** The same schema with these fields, and no others, local. */
    public CollectionSchema withLocal(String... names) {
        return new CollectionSchema(fields, deletion, Set.of(names));
    }

    /** The type of a field. */
    public FieldType type(String field) {
        return fields.getOrDefault(field, FieldType.REGISTER);
    }

    /** Whether a field stays on its device. */
    public boolean isLocal(String field) {
        return local.contains(field);
    }
}
