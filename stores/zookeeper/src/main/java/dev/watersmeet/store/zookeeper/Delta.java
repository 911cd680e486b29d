package dev.watersmeet.store.zookeeper;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.store.encoding.Encoder;

/**
 * Cells of a document that are to be joined, with their bytes: an entry of the log has them, and so has the document if it is new. They are made by the thread that brings the cells, while others commit. Thread-safe, if nobody changes the cells.
 */
final class Delta {
    private final DocumentCells document;
    private final String key;
    private final byte[] part;

    private Delta(DocumentCells document, String key) {
        this.document = document;
        this.key = key;
        this.part = part(document);
    }

    static Delta of(DocumentCells document) {
        return new Delta(document, Paths.key(document.id()));
    }

    /** The bytes of some cells of a document, in an entry and in a znode. */
    static byte[] part(DocumentCells document) {
        return Encoder.part().document(document).toBytes();
    }

    DocumentId id() {
        return document.id();
    }

    DocumentState cells() {
        return document.cells();
    }

    /** The name of the document's znode. */
    String key() {
        return key;
    }

    /** The document's name, and its cells behind their number. Its bytes are not to be changed. */
    byte[] part() {
        return part;
    }

    /** Both. */
    Delta joined(Delta other) {
        DocumentState both = cells().copy();
        both.join(other.cells());
        return new Delta(new DocumentCells(id(), both), key);
    }
}
