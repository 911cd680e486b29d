package dev.watersmeet.format;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.MalformedException;
import java.util.HashSet;
import java.util.Set;

/** What bounds the documents of one push while they are read, in whichever form (P-15). */
final class PushLimits {
    private final Set<DocumentId> names = new HashSet<>();
    private long cells;

    /** Checks that another document may follow. */
    void nextDocument() {
        if (names.size() == FormatLimits.MAX_PUSH_DOCUMENTS) {
            throw tooLarge("documents", FormatLimits.MAX_PUSH_DOCUMENTS);
        }
    }

    /** Counts cells that are about to be read, or have been. Those of a document beyond its own bound do not count. */
    void cells(long count) {
        cells += Math.min(count, FormatLimits.MAX_DOCUMENT_CELLS);
        if (cells > FormatLimits.MAX_PUSH_CELLS) {
            throw tooLarge("cells", FormatLimits.MAX_PUSH_CELLS);
        }
    }

    /** Notes a document's name. */
    void name(DocumentId id) {
        if (!names.add(id)) {
            throw MalformedException.of("a push has each document once", id.toString());
        }
    }

    private static ProblemException tooLarge(String what, int limit) {
        return ProblemException.of(ProblemCode.TOO_LARGE, "a push has at most " + limit + " " + what);
    }
}
