package dev.watersmeet.sync;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldMigration;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a collection, as the server's own replica reads and edits them. What it edits flows to the browsers like any other edit. Thread-safe.
 *
 * <p>Records are maps from fields to what {@link Value#of} takes; ids are strings, or {@link Value}s of other keys.
 */
public final class Documents {
    /** Each needs a purge that drops something within the moment between reading and writing. */
    private static final int MAX_ATTEMPTS = 10;

    private final Store store;
    private final SpaceId space;
    private final String collection;
    private final CollectionSchema schema;
    private final ServerReplica replica;
    private final ServerClock clock;
    private final Access access;
    private final DocumentAccess documentAccess;

    Documents(
            Store store,
            SpaceId space,
            String collection,
            CollectionSchema schema,
            ServerReplica replica,
            ServerClock clock,
            Access access,
            DocumentAccess documentAccess) {
        this.store = store;
        this.space = space;
        this.collection = collection;
        this.schema = schema;
        this.replica = replica;
        this.clock = clock;
        this.access = access;
        this.documentAccess = documentAccess;
    }

    /** The record of a document; empty if there is none, or it is deleted. */
    public Optional<Value> get(Object id) {
        return Records.read(state(id(id)), schema);
    }

    /**
     * Puts a record. Only fields that differ from what stands are edits.
     *
     * @param id a string, or a {@link Value} that is another kind of key
     * @throws dev.watersmeet.crdt.MalformedException if a value does not fit its field's type
     */
    public void put(Object id, Map<String, ?> record) {
        Value put = Value.record(record);
        write(id(id), stands -> Records.put(stands, schema, replica.tick(), put));
    }

    /**
     * Edits a record: the editor is handed the record as it stands, empty if there is none, and changes it. It may be called again if the store forgets something meanwhile.
     *
     * @param id a string, or a {@link Value} that is another kind of key
     * @throws dev.watersmeet.crdt.MalformedException if a value does not fit its field's type
     */
    public void edit(Object id, Consumer<Map<String, @Nullable Object>> editor) {
        write(id(id), stands -> {
            Map<String, @Nullable Object> record = new LinkedHashMap<>();
            Records.read(stands, schema).filter(Value::isRecord).ifPresent(value -> record.putAll(value.fields()));
            editor.accept(record);
            return Records.put(stands, schema, replica.tick(), Value.record(record));
        });
    }

    /** Deletes a document as it stands. Does nothing if there is none. */
    public void delete(Object id) {
        write(id(id), stands -> Records.delete(stands, schema, replica.tick()));
    }

    /**
     * Takes a document over from a former schema of the collection. Returns whether that was an edit.
     *
     * @param unconverted to which the values are added that could not be taken over
     */
    boolean migrate(DocumentId id, CollectionSchema former, List<FieldMigration.Unconverted> unconverted) {
        boolean[] edited = {false};
        write(id, stands -> {
            unconverted.clear(); // it may be called again
            DocumentState edit = FieldMigration.edit(stands, former, schema, replica.tick(), unconverted::add);
            edited[0] = !edit.isEmpty();
            return edit;
        });
        return edited[0];
    }

    private void write(DocumentId id, Function<DocumentState, DocumentState> edit) {
        replica.documents().locked(id, () -> {
            for (int attempt = 1; !tryWrite(id, edit, attempt < MAX_ATTEMPTS); attempt++) {
                // Something was purged between reading and writing: the edit is made anew from what is left.
            }
            return id;
        });
    }

    /** Makes an edit of what stands. False if it may rely on what was purged meanwhile. */
    private boolean tryWrite(DocumentId id, Function<DocumentState, DocumentState> edit, boolean again) {
        Cursor basis = store.head(space);
        DocumentState stands = state(id);
        clock.observe(stands);
        DocumentState cells = edit.apply(stands);
        try {
            if (!cells.isEmpty()) {
                write(new DocumentCells(id, cells), stands, basis);
            }
            return true;
        } catch (StoreException e) {
            if (again && e.kind() == StoreException.Kind.CURSOR_EXPIRED) {
                return false;
            }
            throw e;
        }
    }

    private void write(DocumentCells edit, DocumentState stands, Cursor basis) {
        Optional<DocumentPolicy> policy = access.documents(space);
        if (policy.isEmpty()) {
            replica.write(edit, basis);
            return;
        }
        replica.write(documentAccess.marked(policy.get(), edit, stands), basis);
        documentAccess.marking().mendLocked(policy.get(), List.of(edit.id()));
    }

    private DocumentState state(DocumentId id) {
        return store.read(space, List.of(id)).getOrDefault(id, DocumentState.empty());
    }

    private DocumentId id(Object id) {
        return new DocumentId(collection, Value.of(requireNonNull(id)));
    }
}
