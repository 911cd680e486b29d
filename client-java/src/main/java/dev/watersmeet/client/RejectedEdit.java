package dev.watersmeet.client;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.RejectionCode;
import java.util.Optional;

/**
 * An edit that was refused and taken back, kept for the application.
 *
 * @param document the document, which shows the server's state again
 * @param code why, stable
 * @param detail why, for people; names the offending thing and the limit
 * @param record the record as it stood with all its pending edits; empty if they deleted it
 */
public record RejectedEdit(DocumentId document, RejectionCode code, String detail, Optional<Value> record) {
    public RejectedEdit {
        requireNonNull(document);
        requireNonNull(code);
        requireNonNull(detail);
        requireNonNull(record);
    }
}
