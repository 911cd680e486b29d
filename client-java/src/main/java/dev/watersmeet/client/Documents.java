package dev.watersmeet.client;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a collection, as this replica reads and edits them: locally and at once, whether or not the server can be reached. What is edited stays pending until {@link ReplicaClient#sync()}
 * has settled it. Thread-safe.
 *
 * <p>Records are maps from fields to what {@link Value#of} takes; ids are strings, or {@link Value}s of other keys.
 */
public final class Documents {
    private final Replica replica;
    private final String collection;
    private final CollectionSchema schema;

    Documents(Replica replica, String collection) {
        this.replica = replica;
        this.collection = collection;
        this.schema = replica.schema(collection);
    }

    /** The record of a document; empty if there is none, or it is deleted. */
    public Optional<Value> get(Object id) {
        return replica.read(id(id));
    }

    /**
     * Puts a record. Only fields that differ from what stands are edits.
     *
     * @param id a string, or a {@link Value} that is another kind of key
     * @throws dev.watersmeet.crdt.MalformedException if a value does not fit its field's type
     */
    public void put(Object id, Map<String, ?> record) {
        Value put = Value.record(record);
        replica.write(id(id), (stands, stamp) -> Records.put(stands, schema, stamp, put));
    }

    /**
     * Edits a record: the editor is handed the record as it stands, empty if there is none, and changes it. It runs under the replica's lock: it must not wait for anything.
     *
     * @param id a string, or a {@link Value} that is another kind of key
     * @throws dev.watersmeet.crdt.MalformedException if a value does not fit its field's type
     */
    public void edit(Object id, Consumer<Map<String, @Nullable Object>> editor) {
        replica.write(id(id), (stands, stamp) -> {
            Map<String, @Nullable Object> record = new LinkedHashMap<>();
            Records.read(stands, schema).filter(Value::isRecord).ifPresent(value -> record.putAll(value.fields()));
            editor.accept(record);
            return Records.put(stands, schema, stamp, Value.record(record));
        });
    }

    /** Deletes a document as it stands. Does nothing if there is none. */
    public void delete(Object id) {
        replica.write(id(id), (stands, stamp) -> Records.delete(stands, schema, stamp));
    }

    /** The ids of the documents that are alive, in the order of their texts. */
    public List<Value> ids() {
        return List.copyOf(records().keySet());
    }

    /** The records of the documents that are alive, by id: a copy of one moment. */
    public NavigableMap<Value, Value> records() {
        return replica.records(collection);
    }

    private DocumentId id(Object id) {
        return new DocumentId(collection, Value.of(requireNonNull(id)));
    }
}
