package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;

/** A document of a push: readable, or named but not readable. One that is not readable is refused by itself, and the others go on (P-7). */
public sealed interface PushedDocument {
    /** The document. */
    DocumentId id();

    /**
     * A document whose cells are of the merge format.
     *
     * @param document its name and cells
     * @param whole whether it is a re-upload of a document that the server no longer has (P-9)
     */
    @SuppressWarnings("JavaLangClash") // never meant where a character stream is
    record Readable(DocumentCells document, boolean whole) implements PushedDocument {
        public Readable {
            requireNonNull(document);
        }

        @Override
        public DocumentId id() {
            return document.id();
        }
    }

    /**
     * A document whose cells are not of the merge format.
     *
     * @param id its name
     * @param code what it is refused as: malformed or too large
     * @param detail what is wrong, naming the place
     */
    record Unreadable(DocumentId id, RejectionCode code, String detail) implements PushedDocument {
        public Unreadable {
            requireNonNull(id);
            requireNonNull(code);
            requireNonNull(detail);
        }
    }
}
