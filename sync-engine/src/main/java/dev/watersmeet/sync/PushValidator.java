package dev.watersmeet.sync;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Kind;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.store.Limits;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the documents of one push (P-7, P-8): each by itself, and before anything is joined. Knows nothing of what is stored.
 *
 * @param replica who pushes
 * @param existence where the stamp of its latest edit is kept
 * @param greatestMillis the greatest milliseconds that a stamp may have
 * @param collections the collections that there are
 * @param limits of the store
 * @param relays whether it may forward what others wrote (P-26)
 */
record PushValidator(
        ReplicaId replica,
        Path existence,
        long greatestMillis,
        Collections collections,
        Limits limits,
        boolean relays) {
    PushValidator(ReplicaId replica, long greatestMillis, Collections collections, Limits limits, boolean relays) {
        this(replica, Path.existence(replica), greatestMillis, collections, limits, relays);
    }

    /** The rejection of a document; empty if it can be joined. */
    Optional<Rejection> check(PushedDocument pushed) {
        if (pushed instanceof PushedDocument.Unreadable unreadable) {
            return reject(pushed, unreadable.code(), unreadable.detail());
        }
        PushedDocument.Readable readable = (PushedDocument.Readable) pushed;
        if (!collections.admits(pushed.id().collection())) {
            return reject(
                    pushed,
                    RejectionCode.UNKNOWN_COLLECTION,
                    "there is no collection " + pushed.id().collection());
        }
        DocumentState cells = readable.document().cells();
        Map.@Nullable Entry<Path, Cell> latest = null;
        for (Map.Entry<Path, Cell> entry : cells.cells().entrySet()) {
            Cell cell = entry.getValue();
            Optional<Rejection> rejection = check(readable, entry.getKey(), cell);
            if (rejection.isPresent()) {
                return rejection;
            }
            boolean edit = !cell.removed() && entry.getKey().kind() != Kind.EXISTENCE;
            if (edit
                    && (latest == null || cell.stamp().isAfter(latest.getValue().stamp()))) {
                latest = entry;
            }
        }
        return latest != null && !readable.whole() && !relays && !exists(cells, latest.getValue())
                ? reject(
                        pushed,
                        RejectionCode.MALFORMED,
                        "the cell at " + latest.getKey() + " has a later stamp than the existence of " + replica
                                + ", or there is none")
                : checkSize(readable);
    }

    /** Whether a document has live cells that another replica wrote: only who relays may push those, or who uploads it whole. */
    boolean forwards(PushedDocument.Readable pushed) {
        return pushed.document().cells().cells().values().stream()
                .anyMatch(cell -> !cell.removed() && !cell.stamp().replica().equals(replica));
    }

    private Optional<Rejection> checkSize(PushedDocument.Readable pushed) {
        return limits.excess(pushed.document()).flatMap(excess -> reject(pushed, RejectionCode.TOO_LARGE, excess));
    }

    private Optional<Rejection> check(PushedDocument.Readable pushed, Path path, Cell cell) {
        if (path.kind() == Kind.ACCESS) {
            return reject(pushed, RejectionCode.MALFORMED, "the mark of access at " + path + " is the server's own");
        }
        Stamp stamp = cell.stamp();
        if (stamp.millis() > greatestMillis) {
            long ahead = stamp.millis() - greatestMillis;
            return reject(
                    pushed,
                    RejectionCode.STAMP_FROM_FUTURE,
                    "the stamp " + stamp + " at " + path + " is " + ahead + " ms beyond the drift bound");
        }
        if (cell.removed() || pushed.whole()) {
            return Optional.empty();
        }
        Optional<String> mismatch = collections.mismatch(pushed.id().collection(), path);
        if (mismatch.isPresent()) {
            return reject(pushed, RejectionCode.SCHEMA_MISMATCH, mismatch.get());
        }
        if (relays) {
            return Optional.empty();
        }
        if (!stamp.replica().equals(replica)) {
            return reject(
                    pushed,
                    RejectionCode.FOREIGN_STAMP,
                    "the live cell at " + path + " carries a stamp of " + stamp.replica() + ", not of " + replica);
        }
        if (path.hasReplica() && !path.equals(existence) && !path.replica().equals(replica)) {
            return reject(
                    pushed,
                    RejectionCode.FOREIGN_PATH,
                    "the live cell at " + path + " is at another replica's path than " + replica);
        }
        return Optional.empty();
    }

    /** Every edit writes the existence of its replica (M-16): live cells without it would be edits that nobody sees. */
    private boolean exists(DocumentState cells, Cell edit) {
        Cell written = cells.get(existence);
        return written != null && !edit.stamp().isAfter(written.stamp());
    }

    private static Optional<Rejection> reject(PushedDocument pushed, RejectionCode code, String detail) {
        return Optional.of(new Rejection(pushed.id(), code, detail));
    }
}
