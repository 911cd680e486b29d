package dev.watersmeet.sync;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.Value;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a push would do to a document, for a {@link DocumentPolicy} to judge.
 *
 * @param document the document
 * @param before its record as it stands; empty if there is none, or it is deleted
 * @param after its record with the change; empty if it is deleted then
 * @param fields the fields of which something changes, also something that the record does not show; none where only the whole record comes or goes
 */
public record DocumentChange(DocumentId document, Optional<Value> before, Optional<Value> after, Set<String> fields) {
    public DocumentChange {
        fields = Set.copyOf(fields);
    }

    static DocumentChange of(
            DocumentId document,
            CollectionSchema schema,
            DocumentState before,
            DocumentState after,
            DocumentState pushed) {
        Set<String> fields = new HashSet<>();
        pushed.forEach((path, cell) -> {
            if (path.kind().hasField() && cell.wins(before.get(path))) {
                fields.add(path.field());
            }
        });
        return new DocumentChange(document, Records.read(before, schema), Records.read(after, schema), fields);
    }

    /** Whether any of some cells would change what stands. */
    static boolean changes(DocumentState before, DocumentState pushed) {
        return pushed.cells().entrySet().stream()
                .anyMatch(entry -> entry.getValue().wins(before.get(entry.getKey())));
    }

    /** Whether the document comes into being, or back to life. */
    public boolean creates() {
        return before.isEmpty() && after.isPresent();
    }

    /** Whether the document is deleted. */
    public boolean deletes() {
        return before.isPresent() && after.isEmpty();
    }

    /** A field's value before; empty without it. */
    public Optional<Value> before(String field) {
        return before.filter(Value::isRecord).map(record -> record.fields().get(field));
    }

    /** A field's value after; empty without it. */
    public Optional<Value> after(String field) {
        return after.filter(Value::isRecord).map(record -> record.fields().get(field));
    }
}
