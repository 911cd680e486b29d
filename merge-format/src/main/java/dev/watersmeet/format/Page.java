package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A page of changes (P-3). It either brings cells or, after a purge, drops some (P-21), so that the same cells, written again after the purge, are joined after it.
 *
 * @param documents cells of documents, each document once
 * @param complete of which of these documents the cells are all that there is for the reader: they replace what it holds as delivered (P-22)
 * @param dropped the cells that a purge has dropped, each document once (P-21)
 * @param withdrawn documents that the reader holds no longer, each once, and none that has cells in this page (P-22)
 * @param cursor where the next page goes on
 * @param more whether there is a next page already
 */
public record Page(
        List<DocumentCells> documents,
        Set<DocumentId> complete,
        List<DocumentCells> dropped,
        List<DocumentId> withdrawn,
        String cursor,
        boolean more) {
    /** @throws MalformedException if it both brings and drops, or names a document more often than the rules allow */
    public Page {
        documents = List.copyOf(documents);
        complete = Set.copyOf(complete);
        dropped = List.copyOf(dropped);
        withdrawn = List.copyOf(withdrawn);
        requireNonNull(cursor);
        if (!documents.isEmpty() && !dropped.isEmpty()) {
            throw MalformedException.of("a page that drops cells brings none (P-21)");
        }
        if (!complete.isEmpty() || !withdrawn.isEmpty()) {
            requireOnce(documents, complete, dropped, withdrawn);
        }
    }

    private static void requireOnce(
            List<DocumentCells> documents,
            Set<DocumentId> complete,
            List<DocumentCells> dropped,
            List<DocumentId> withdrawn) {
        Set<DocumentId> named = new HashSet<>();
        documents.forEach(document -> once(named, document.id()));
        if (!named.containsAll(complete)) {
            throw MalformedException.of("a document whose cells are complete is among the documents (P-22)");
        }
        dropped.forEach(document -> once(named, document.id()));
        withdrawn.forEach(document -> once(named, document));
    }

    private static void once(Set<DocumentId> named, DocumentId id) {
        if (!named.add(id)) {
            throw MalformedException.of("a page names each document once (P-22)", id.toString());
        }
    }

    /** A page of what was written, to be joined. */
    public Page(List<DocumentCells> documents, String cursor, boolean more) {
        this(documents, Set.of(), List.of(), List.of(), cursor, more);
    }

    /** A page of what was purged. */
    public static Page purged(List<DocumentCells> dropped, String cursor, boolean more) {
        return new Page(List.of(), Set.of(), dropped, List.of(), cursor, more);
    }
}
