package dev.watersmeet.crdt;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Between records, which applications know, and cells, which replicas exchange: reading a state as a record, and writing a record as an edit. */
public final class Records {
    private Records() {}

    /**
     * The record that a state shows under a schema; empty if the document is not alive.
     *
     * <p>The same cells and schema give the same record, byte for byte, in every implementation.
     */
    public static Optional<Value> read(DocumentState state, CollectionSchema schema) {
        return state.alive() ? Optional.of(Fields.of(schema, state).record()) : Optional.empty();
    }

    /** The record that a state shows, or would show again if somebody undid its deletion with an edit that changes nothing else. */
    public static Value undeleted(DocumentState state, CollectionSchema schema) {
        return Fields.of(schema, state).record();
    }

    /**
     * The edit that puts a record in the place of what stands (M-16): what the writer changed, and nothing else. No cells if that is nothing.
     *
     * @param stamp the edit's stamp, above every stamp of the state
     * @param stands the state as it stands, pending edits included
     * @param put the record as it shall be; local fields are passed over
     * @throws MalformedException if a value does not fit its field's type
     */
    public static DocumentState put(DocumentState stands, CollectionSchema schema, Stamp stamp, Value put) {
        return put(stands, schema, stamp, put, null);
    }

    /**
     * The edit that puts a record which was made from an older one: three-way, so that what others changed since the writer read stays (M-16).
     *
     * @param stamp the edit's stamp, above every stamp of the state
     * @param stands the state as it stands, pending edits included
     * @param put the record as it shall be
     * @param read the record that the writer started from; null if it is the one that stands. A dead document is compared with its hidden record instead (M-21)
     * @throws MalformedException if a value does not fit its field's type
     */
    public static DocumentState put(
            DocumentState stands, CollectionSchema schema, Stamp stamp, Value put, @Nullable Value read) {
        boolean alive = stands.alive();
        Fields fields = Fields.of(schema, stands);
        Value readOrStanding = alive ? read : null;
        Edit edit = Edit.of(stamp);
        if (!alive) {
            fields.clearCounters(edit);
        }
        if (put.isRecord()) {
            putFields(fields, schema, put, readOrStanding, alive, edit);
        } else {
            putRoot(fields, put, readOrStanding, edit);
        }
        if (!alive || !edit.cells().isEmpty()) {
            edit.write(Path.existence(stamp.replica()), Cell.live(stamp));
        }
        return edit.cells();
    }

    private static void putFields(
            Fields fields, CollectionSchema schema, Value put, @Nullable Value read, boolean alive, Edit edit) {
        Map<String, Value> before = before(fields, schema, read, alive);
        Map<String, Value> after = put.fields();
        Set<String> names = new HashSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeAll(schema.local()); // M-37
        for (String field : names) {
            schema.type(field).convention().diff(field, fields.of(field), before.get(field), after.get(field), edit);
        }
        boolean wasRoot = read == null ? fields.shownRoot() != null : !read.isRecord();
        if (fields.root() != null && (wasRoot || !alive || !edit.cells().isEmpty())) {
            edit.write(Path.ROOT, Cell.removed(edit.stamp())); // hidden, it must not reappear when the last field goes
        }
    }

    /** What the writer's fields are compared with. */
    private static Map<String, Value> before(
            Fields fields, CollectionSchema schema, @Nullable Value read, boolean alive) {
        if (read != null) {
            return read.isRecord() ? read.fields() : Map.of();
        }
        Map<String, Value> standing = fields.members();
        if (!alive) {
            standing.replaceAll((field, value) -> schema.type(field) == FieldType.COUNTER ? CounterType.ZERO : value);
        }
        return standing;
    }

    /** A root value takes the place of all fields. */
    private static void putRoot(Fields fields, Value put, @Nullable Value read, Edit edit) {
        if (put.equals(read) || put.equals(fields.shownRoot())) {
            return;
        }
        fields.clear(edit);
        if (!put.equals(fields.root())) {
            edit.write(Path.ROOT, Cell.live(edit.stamp(), put));
        }
    }

    /**
     * The edit that deletes the document as the deleter saw it (M-20). No cells if it is not alive.
     *
     * @param stamp the deletion's own stamp, used under {@link DeletionPolicy#LAST_WRITER_WINS}
     */
    public static DocumentState delete(DocumentState stands, CollectionSchema schema, Stamp stamp) {
        Edit edit = Edit.of(stamp);
        stands.forEach((path, cell) -> {
            if (path.kind() == Kind.EXISTENCE && !stands.covered(path, cell)) {
                edit.write(Path.deletion(path.replica()), Cell.removed(cell.stamp()));
            }
        });
        if (!edit.cells().isEmpty() && schema.deletion() == DeletionPolicy.LAST_WRITER_WINS) {
            edit.write(Path.DELETION_BY_ANY, Cell.removed(stamp));
        }
        return edit.cells();
    }
}
