package dev.watersmeet.format;

import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;

/**
 * How paths stand in a batch: each text once, without the replica at its end (M-29).
 *
 * <p>The kind is known from the text's beginning, whatever follows; so a path that is none spoils only the documents that have it.
 */
final class BatchPaths {
    private static final String BY_ANY = Path.DELETION_BY_ANY.text();
    private static final int REPLICA_CHARACTERS = ",\"0000000000000\"".length();
    private static final int KIND_AT = 2;

    private BatchPaths() {}

    /** The text of a path without the replica at its end. */
    static String entry(Path path) {
        String text = path.text();
        return path.hasReplica() ? text.substring(0, text.length() - REPLICA_CHARACTERS - 1) + "]" : text;
    }

    /** The path of an entry whose paths end with no replica. */
    static Path path(String entry) {
        return Path.parse(entry);
    }

    /** The path of an entry and the replica at its end. */
    static Path path(String entry, ReplicaId replica) {
        return Path.parse(entry.substring(0, entry.length() - 1) + ",\"" + replica + "\"]");
    }

    /** The kind of the paths of an entry. */
    static Kind kind(String entry) {
        if (entry.length() > KIND_AT + 2 && entry.startsWith("[\"") && entry.endsWith("]")) {
            for (Kind kind : Kind.values()) {
                if (kind != Kind.ACCESS
                        && kind.code().charAt(0) == entry.charAt(KIND_AT)
                        && entry.charAt(KIND_AT + 1) == '"') {
                    return kind;
                }
            }
        }
        throw MalformedException.of("a path begins with its kind", entry); // marks of access do not travel (P-24)
    }

    /** Whether the paths of an entry end with a replica. */
    static boolean hasReplica(String entry, Kind kind) {
        return switch (kind) {
            case EXISTENCE, SET, COUNTER, COUNTER_BASE, MULTI -> true;
            case DELETION -> !entry.equals(BY_ANY);
            case REGISTER, MAP, ROOT, ACCESS -> false;
        };
    }

    /** Whether a cell has a value (M-10): it is told by the kind, so that no column has to. */
    static boolean hasValue(Kind kind, boolean removed) {
        return switch (kind) {
            case REGISTER, COUNTER, MAP, ROOT -> !removed;
            case COUNTER_BASE -> removed;
            case EXISTENCE, DELETION, SET, MULTI, ACCESS -> false;
        };
    }
}
