package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.FieldType;
import java.util.List;

/** What an application does to a record before it puts it. */
final class Changes {
    private static final List<Double> DIFFERENCES =
            List.of(1.0, -1.0, 2.0, 0.1, 0.2, 1e-7, 9007199254740991.0, Double.MIN_VALUE, 1.7e308, -1.7e308, 1e16, 0.0);
    private static final int LONG_WAY = 62;

    private Changes() {}

    /** The record with some fields changed; a record that is no object is thrown away for one. */
    static ObjectNode changed(JsonNode record, List<Step.Change> changes, CollectionSchema schema) {
        ObjectNode fields = fields(record).deepCopy();
        changes.forEach(change -> change(fields, change, schema.type(change.field())));
        return fields;
    }

    /** A record with these fields, escaped where it looks like a tagged value (M-5). */
    static ObjectNode record(ObjectNode fields) {
        return Trees.tagKey(fields) == null ? fields : Trees.object("$object", fields);
    }

    private static ObjectNode fields(JsonNode record) {
        String tag = Trees.tagKey(record);
        JsonNode fields = "$object".equals(tag) ? record.get("$object") : tag == null ? record : null;
        return fields instanceof ObjectNode object ? object : Trees.NODES.objectNode();
    }

    private static void change(ObjectNode fields, Step.Change change, FieldType type) {
        String field = change.field();
        JsonNode found = fields.path(field);
        switch (change.act()) {
            case ASSIGN -> fields.set(field, change.value());
            case TAKE_AWAY -> fields.remove(field);
            case DO, UNDO -> {
                boolean adds = change.act() == Step.Act.DO;
                JsonNode made =
                        switch (type) {
                            case SET -> set(found, change, adds);
                            case COUNTER -> counter(found, change, adds);
                            case MULTI -> multi(change, adds);
                            case MAP -> map(found, change, adds);
                            case FLAG -> Trees.NODES.booleanNode(adds);
                            case REGISTER -> change.value();
                        };
                fields.set(field, made);
            }
        }
    }

    private static JsonNode set(JsonNode found, Step.Change change, boolean adds) {
        JsonNode items = "$set".equals(Trees.tagKey(found)) ? found.get("$set") : found;
        ArrayNode elements = Trees.NODES.arrayNode();
        items.forEach(elements::add);
        if (adds) {
            elements.insert(change.choice() % (elements.size() + 1), change.value());
        } else if (!elements.isEmpty()) {
            elements.remove(change.choice() % elements.size());
        }
        return change.choice() % 5 == 0 ? Trees.object("$set", elements) : elements;
    }

    private static JsonNode counter(JsonNode found, Step.Change change, boolean adds) {
        double difference = DIFFERENCES.get(change.choice() % (change.choice() % 3 == 0 ? DIFFERENCES.size() : 3));
        double number = found.asDouble(0) + (adds ? difference : -difference);
        return Values.node(Double.isFinite(number) ? number : 0);
    }

    private static JsonNode multi(Step.Change change, boolean adds) {
        if (adds) {
            return change.value();
        }
        JsonNode conflict = Trees.object("$conflict", Trees.array(change.value(), Values.node("x")));
        return change.choice() % 2 == 0 ? conflict : Trees.object("$object", conflict);
    }

    private static JsonNode map(JsonNode found, Step.Change change, boolean adds) {
        ObjectNode top = fields(found).deepCopy();
        int choice = change.choice();
        if (choice >= Steps.LONG_WAYS) {
            return record(deep(choice - Steps.LONG_WAYS + LONG_WAY, change.value()));
        }
        ObjectNode place = top;
        for (int levels = choice % 3; levels > 0; levels--) {
            String name = "ab".substring(levels % 2, levels % 2 + 1);
            place = place.get(name) instanceof ObjectNode inner ? inner : place.putObject(name);
        }
        List<String> names = List.of("a", "b", "c", "__proto__", "$date", "\ud800", "constructor", "");
        String name = names.get(choice / 3 % names.size());
        if (adds) {
            place.set(name, change.value());
        } else {
            place.remove(name);
        }
        return record(top);
    }

    /** A leaf at the end of a way of so many names. */
    private static ObjectNode deep(int levels, JsonNode leaf) {
        ObjectNode tree = Trees.object("z", leaf);
        for (int level = 1; level < levels; level++) {
            tree = Trees.object("z", tree);
        }
        return tree;
    }
}
