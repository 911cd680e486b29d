package dev.watersmeet.sync;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The marks of access among a document's cells (P-24): one for each audience that may read the document, live, or could once, removed. They are the server's own cells, so a store keeps, logs and merges them as all
 * others, and whoever reads the log finds in it who came to read a document, and who ceased to.
 */
final class AccessMarks {
    private AccessMarks() {}

    /** The marks of a document, by audience. */
    static Map<String, Cell> of(DocumentState state) {
        Map<String, Cell> marks = new HashMap<>();
        state.forEach((path, cell) -> {
            if (path.kind() == Kind.ACCESS) {
                marks.put(path.audience(), cell);
            }
        });
        return marks;
    }

    /** The audiences whose marks say that they may read the document. */
    static Set<String> readers(Map<String, Cell> marks) {
        Set<String> readers = new HashSet<>();
        marks.forEach((audience, mark) -> {
            if (!mark.removed()) {
                readers.add(audience);
            }
        });
        return readers;
    }

    /**
     * The marks that are missing or wrong.
     *
     * @param readers the audiences that may read the document
     * @param stamp asked for if there are any
     */
    static DocumentState corrections(DocumentState state, Set<String> readers, Supplier<Stamp> stamp) {
        Map<String, Cell> marks = of(state);
        DocumentState corrections = DocumentState.empty();
        for (String reader : readers) {
            Cell mark = marks.get(reader);
            if (mark == null || mark.removed()) {
                corrections.join(Path.access(reader), Cell.live(stamp.get()));
            }
        }
        marks.forEach((audience, mark) -> {
            if (!mark.removed() && !readers.contains(audience)) {
                corrections.join(Path.access(audience), Cell.removed(stamp.get()));
            }
        });
        return corrections;
    }

    /** A document's cells as they may travel: without marks. The same object if there are none. */
    static DocumentCells without(DocumentCells document) {
        if (!document.cells().has(Kind.ACCESS)) {
            return document;
        }
        Map<Path, Cell> left = new HashMap<>();
        document.cells().forEach((path, cell) -> {
            if (path.kind() != Kind.ACCESS) {
                left.put(path, cell);
            }
        });
        return new DocumentCells(document.id(), DocumentState.of(left));
    }

    /** Documents as they may travel. One of which nothing is left but marks is left out. */
    static List<DocumentCells> without(List<DocumentCells> documents) {
        return documents.stream()
                .map(AccessMarks::without)
                .filter(document -> !document.cells().isEmpty())
                .toList();
    }
}
