package dev.watersmeet.crdt;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The change of fields to other types: values are read under the former schema, written under the new one, and taken away where they were.
 *
 * <p>Cells of a former type are never shown by themselves (M-14); without a migration its values vanish.
 */
public final class FieldMigration {
    private static final String CONFLICT = "$conflict";

    private FieldMigration() {}

    /**
     * A value that could not be taken over. It stays where it was, unseen.
     *
     * @param field of which field
     * @param from the former type
     * @param to the new type
     * @param value as the former type reads it
     * @param reason why, for people
     */
    public record Unconverted(String field, FieldType from, FieldType to, Value value, String reason) {}

    /**
     * The edit that takes a document from one schema to another; no cells if there is nothing to be taken over, as in a document that is dead, or was migrated before.
     *
     * <p>What was written under the new type meanwhile stands, and is added to where the type can: to sets, flags, counters and multis. A set and a flag have the same cells, of which a flag reads those it knows.
     *
     * @param stamp the edit's stamp, above every stamp of the state
     * @param unconverted is told of values that the new type cannot hold
     */
    public static DocumentState edit(
            DocumentState stands,
            CollectionSchema from,
            CollectionSchema to,
            Stamp stamp,
            Consumer<Unconverted> unconverted) {
        Edit edit = Edit.of(stamp);
        if (!stands.alive()) {
            return edit.cells();
        }
        Fields former = Fields.of(from, stands);
        Fields next = Fields.of(to, stands);
        for (String field : changed(from, to)) {
            FieldType type = from.type(field);
            Map<Path, Cell> cells = former.of(field);
            Value value = type.convention().isLive(cells) ? type.convention().read(cells) : null;
            if (value == null) {
                continue;
            }
            try {
                edit.cells().join(converted(field, type, value, to.type(field), next.of(field), stamp));
                type.convention().clear(cells, edit);
            } catch (MalformedException e) {
                unconverted.accept(new Unconverted(field, type, to.type(field), value, String.valueOf(e.getMessage())));
            }
        }
        if (!edit.cells().isEmpty()) {
            edit.write(Path.existence(stamp.replica()), Cell.live(stamp));
        }
        return edit.cells();
    }

    /** The fields whose cells the new schema reads elsewhere. */
    private static Set<String> changed(CollectionSchema from, CollectionSchema to) {
        Set<String> fields = new TreeSet<>(from.fields().keySet());
        fields.addAll(to.fields().keySet());
        fields.removeIf(field -> from.isLocal(field)
                || to.isLocal(field)
                || from.type(field).family() == to.type(field).family());
        return fields;
    }

    private static DocumentState converted(
            String field, FieldType from, Value value, FieldType to, Map<Path, Cell> standing, Stamp stamp) {
        if (from == FieldType.MULTI
                && value.isRecord()
                && value.fields().keySet().equals(Set.of(CONFLICT))) {
            throw MalformedException.of("several values stand that nobody has chosen from", value.text());
        }
        boolean replaces = to == FieldType.REGISTER || to == FieldType.MAP;
        if (replaces && to.convention().isLive(standing)) {
            throw MalformedException.of("the field was written as a " + to.text() + " meanwhile", value.text());
        }
        Edit edit = Edit.of(stamp);
        to.convention()
                .diff(field, standing, null, value, edit); // as if nothing had been read: adds, and takes nothing away
        return edit.cells();
    }
}
