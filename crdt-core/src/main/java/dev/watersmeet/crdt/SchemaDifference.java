package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that one schema declares otherwise than that of the server (P-25).
 *
 * @param collection of what
 * @param field the field that is of another type; null if it is the policy of deletion that differs
 * @param own what the schema declares: a type's name, {@code "local"}, or a policy's name
 * @param server what the server's declares
 */
public record SchemaDifference(String collection, @Nullable String field, String own, String server) {
    private static final String LOCAL = "local";

    public SchemaDifference {
        requireNonNull(collection);
        requireNonNull(own);
        requireNonNull(server);
    }

    /** Finds how two schemas of a collection differ, fields in the order of their names, and the policy at last. */
    static void find(
            String collection, CollectionSchema own, CollectionSchema server, Consumer<SchemaDifference> found) {
        Set<String> fields = new TreeSet<>();
        for (CollectionSchema schema : new CollectionSchema[] {own, server}) {
            fields.addAll(schema.fields().keySet());
            fields.addAll(schema.local());
        }
        for (String field : fields) {
            compare(collection, field, type(own, field), type(server, field), found);
        }
        compare(collection, null, own.deletion().text(), server.deletion().text(), found);
    }

    private static void compare(
            String collection, @Nullable String field, String own, String server, Consumer<SchemaDifference> found) {
        if (!own.equals(server)) {
            found.accept(new SchemaDifference(collection, field, own, server));
        }
    }

    private static String type(CollectionSchema schema, String field) {
        return schema.isLocal(field) ? LOCAL : schema.type(field).text();
    }

    @Override
    public String toString() {
        String what = field == null ? "the deletion of " + collection : collection + "." + field;
        return what + " is " + own + " here and " + server + " on the server";
    }
}
