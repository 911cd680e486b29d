package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentId;

/**
 * The verdict on a document that was refused.
 *
 * @param id the document
 * @param code why, stable
 * @param detail why, for people; names the offending thing and the limit
 */
public record Rejection(DocumentId id, RejectionCode code, String detail) {
    public Rejection {
        requireNonNull(id);
        requireNonNull(code);
        requireNonNull(detail);
    }
}
