package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DeletionPolicy;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The documents of every run: two collections, which have every type of field and both policies of deletion. */
final class Model {
    static final String NOTES = "notes";
    static final String DRAFTS = "drafts";
    static final String TITLE = "title";
    static final String BODY = "body";
    static final String TAGS = "tags";
    static final String STATE = "state";
    static final String DONE = "done";
    static final String COUNTER = "votes";
    static final String PLACE = "place";
    static final String PLACE_X = "place.x";
    static final String PLACE_Y = "place.y";
    static final String PLACE_Z = "place.y.z";

    /** The places whose latest assignment wins: registers, and leaves of the map. */
    static final List<String> REGISTERS = List.of(TITLE, BODY, PLACE_X, PLACE_Y, PLACE_Z);

    /** The fields that hold elements: the set, the values of the multi, and the flag as the set that may hold {@code true}. */
    static final List<String> SETS = List.of(TAGS, STATE, DONE);

    static final Schema SCHEMA = Schema.empty()
            .with(
                    NOTES,
                    CollectionSchema.of(Map.of(
                            TAGS,
                            FieldType.SET,
                            STATE,
                            FieldType.MULTI,
                            DONE,
                            FieldType.FLAG,
                            COUNTER,
                            FieldType.COUNTER,
                            PLACE,
                            FieldType.MAP)))
            .with(
                    DRAFTS,
                    CollectionSchema.of(Map.of(TAGS, FieldType.SET, COUNTER, FieldType.COUNTER))
                            .with(DeletionPolicy.LAST_WRITER_WINS));

    static final List<DocumentId> DOCUMENTS = List.of(
            DocumentId.of(NOTES, "n1"),
            DocumentId.of(NOTES, "n2"),
            DocumentId.of(NOTES, "n3"),
            DocumentId.of(DRAFTS, "d1"),
            DocumentId.of(DRAFTS, "d2"));

    private Model() {}

    static boolean byLatestWriter(DocumentId document) {
        return document.collection().equals(DRAFTS);
    }

    /** What stands at a place of {@link #REGISTERS}. */
    static @Nullable Value at(Map<String, Value> fields, String place) {
        String[] way = place.split("\\.", -1);
        Value value = fields.get(way[0]);
        for (int i = 1; i < way.length && value != null; i++) {
            value = value.isRecord() ? value.fields().get(way[i]) : null;
        }
        return value;
    }

    /** The path of a place of {@link #REGISTERS}. */
    static Path path(String place) {
        List<String> way = List.of(place.split("\\.", -1));
        return way.size() == 1 ? Path.register(place) : Path.leaf(way.get(0), way.subList(1, way.size()));
    }

    /** What a field of {@link #SETS} holds. */
    static Set<Value> elements(Map<String, Value> fields, String field) {
        Value value = fields.get(field);
        if (value == null || value.equals(Value.of(false))) {
            return Set.of();
        }
        if (field.equals(TAGS)) {
            return new LinkedHashSet<>(value.elements());
        }
        Value conflict = value.isRecord() ? value.fields().get("$conflict") : null;
        return conflict == null ? Set.of(value) : new LinkedHashSet<>(conflict.elements());
    }
}
