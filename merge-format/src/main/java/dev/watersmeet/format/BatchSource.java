package dev.watersmeet.format;

import java.util.List;

/** What stands behind the envelope of a message in binary form: a batch, or nothing, where there are no documents (M-27). */
final class BatchSource {
    private final byte[] bytes;
    private final ColumnReader rest;

    BatchSource(byte[] bytes, ColumnReader rest) {
        this.bytes = bytes;
        this.rest = rest;
    }

    List<PushedDocument> push() {
        return rest.atEnd() ? List.of() : BatchReader.push(bytes, rest);
    }

    PageDocuments page() {
        return rest.atEnd() ? PageDocuments.NONE : BatchReader.page(bytes, rest);
    }

    /** Checks that nothing follows that the message has no place for. */
    void end() {
        rest.end();
    }
}
