package dev.watersmeet.crdt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What the collections of a space are made of, as an immutable value that servers and clients share (M-36). A collection that is not named is one of registers.
 *
 * <p>The JSON form is {@code {"collections":{"todos":{"fields":{"tags":"set"},"deletion":"last-writer-wins","local":["draft"]}}}}; {@code deletion} and {@code local} may be left out.
 *
 * @param collections the collections' schemas by name
 */
public record Schema(Map<String, CollectionSchema> collections) {
    private static final Schema EMPTY = new Schema(Map.of());
    private static final String COLLECTIONS = "collections";
    private static final String FIELDS = "fields";
    private static final String DELETION = "deletion";
    private static final String LOCAL = "local";
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int FINGERPRINT_DIGITS = 13;

    /** @throws MalformedException if a collection's name is none (M-7) */
    public Schema {
        collections = Map.copyOf(collections);
        collections.keySet().forEach(name -> DocumentId.of(name, "")); // refuses what is no name
    }

    /** A schema that names no collection. */
    public static Schema empty() {
        return EMPTY;
    }

    /** The same with one more collection, or another schema of one. */
    public Schema with(String collection, CollectionSchema schema) {
        Map<String, CollectionSchema> changed = new HashMap<>(collections);
        changed.put(collection, schema);
        return new Schema(changed);
    }

    /** The schema of a collection. */
    public CollectionSchema collection(String name) {
        return collections.getOrDefault(name, CollectionSchema.REGISTERS);
    }

    /** Whether a collection is named. */
    public boolean declares(String collection) {
        return collections.containsKey(collection);
    }

    /**
     * Parses a schema's JSON.
     *
     * @throws MalformedException if it is not as M-36 says; the message names the offending member
     */
    public static Schema parse(String json) {
        Map<String, CollectionSchema> collections = new HashMap<>();
        Value schema = Value.parse(json);
        eachMember("the schema", schema, Set.of(COLLECTIONS), (name, member) -> {});
        eachOf(COLLECTIONS, required("the schema", schema, COLLECTIONS), (name, collection) -> {
            String place = place(COLLECTIONS, name);
            collections.put(name, parseCollection(place, collection));
        });
        return at(COLLECTIONS, collections, Schema::new);
    }

    private static CollectionSchema parseCollection(String place, Value collection) {
        Map<String, FieldType> fields = new HashMap<>();
        Set<String> local = new HashSet<>();
        DeletionPolicy[] deletion = {DeletionPolicy.ADD_WINS};
        eachMember(place, collection, Set.of(FIELDS, DELETION, LOCAL), (name, member) -> {
            String inside = place(place, name);
            if (name.equals(DELETION)) {
                deletion[0] = at(inside, string(inside, member), DeletionPolicy::parse);
            } else if (name.equals(LOCAL)) {
                local.addAll(names(inside, member));
            }
        });
        String inside = place(place, FIELDS);
        eachOf(inside, required(place, collection, FIELDS), (field, type) -> {
            String here = place(inside, field);
            fields.put(field, at(here, string(here, type), FieldType::parse));
        });
        return at(place, local, names -> new CollectionSchema(fields, deletion[0], names));
    }

    private static Set<String> names(String place, Value array) {
        if (!array.isArray()) {
            throw malformed(place, "is an array of the names of fields", array);
        }
        Set<String> names = new HashSet<>();
        for (Value name : array.elements()) {
            if (!names.add(string(place, name))) {
                throw malformed(place, "names each field once", name);
            }
        }
        return names;
    }

    private static void eachMember(String place, Value object, Set<String> known, BiConsumer<String, Value> action) {
        eachOf(place, object, (name, member) -> {
            if (!known.contains(name)) { // a typing error must not change how data merge
                throw MalformedException.of(place + " has no member " + CanonicalWriter.quote(name));
            }
            action.accept(name, member);
        });
    }

    private static void eachOf(String place, Value object, BiConsumer<String, Value> action) {
        if (!object.isObject()) {
            throw malformed(place, "is an object", object);
        }
        object.members().forEach(action);
    }

    private static Value required(String place, Value object, String name) {
        Value member = object.members().get(name);
        if (member == null) {
            throw malformed(place, "has a member " + name, object);
        }
        return member;
    }

    private static String string(String place, Value value) {
        if (value.tree() instanceof String text) {
            return text;
        }
        throw malformed(place, "is a string", value);
    }

    /** Makes something of what stands at a place, which is then named where it is refused. */
    private static <T, R> R at(String place, T found, Function<T, R> maker) {
        try {
            return maker.apply(found);
        } catch (MalformedException e) {
            throw MalformedException.of(place + ": " + e.getMessage());
        }
    }

    private static String place(String outer, String name) {
        return outer + "." + name;
    }

    private static MalformedException malformed(String place, String expected, Value found) {
        return MalformedException.of(place + " " + expected, found.text());
    }

    /** The canonical text of the JSON form: equal schemas have equal texts. */
    public String toJson() {
        Map<String, Object> members = new TreeMap<>();
        collections.forEach((name, schema) -> members.put(name, json(schema)));
        return Value.of(Map.of(COLLECTIONS, members)).text();
    }

    /**
     * A short name of the schema: equal schemas have equal ones, and others hardly ever (P-25). It is the 64-bit FNV-1a hash of the canonical text in UTF-8, written as a replica id is (M-1). It tells a
     * mistake, and withstands nobody who wants to deceive.
     */
    public String fingerprint() {
        long hash = FNV_OFFSET;
        for (byte octet : toJson().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
        }
        return Base32.format(0, hash, FINGERPRINT_DIGITS);
    }

    /**
     * Where this schema reads or writes the collections that another one names in another way (P-25), in the order of collections and fields.
     *
     * @param authority the schema that holds for the space: that of its server
     */
    public List<SchemaDifference> differencesFrom(Schema authority) {
        List<SchemaDifference> differences = new ArrayList<>();
        new TreeMap<>(authority.collections)
                .forEach((name, other) -> SchemaDifference.find(name, collection(name), other, differences::add));
        return differences;
    }

    private static Map<String, Object> json(CollectionSchema schema) {
        Map<String, Object> members = new LinkedHashMap<>();
        Map<String, Object> fields = new HashMap<>();
        schema.fields().forEach((field, type) -> fields.put(field, type.text()));
        members.put(FIELDS, fields);
        if (schema.deletion() != DeletionPolicy.ADD_WINS) {
            members.put(DELETION, schema.deletion().text());
        }
        if (!schema.local().isEmpty()) {
            members.put(LOCAL, List.copyOf(schema.local()).stream().sorted().toList());
        }
        return members;
    }
}
