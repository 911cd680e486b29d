package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.DocumentId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a client has seen, by the contract of what it has read: not by what it shows. */
final class View {
    final Set<Happening> own = new LinkedHashSet<>();

    /** What was read before the server was put back to an older copy, and is kept. */
    final Set<Happening> kept = new LinkedHashSet<>();

    private final History history;
    private final Map<DocumentId, Integer> documents = new HashMap<>();
    private final Set<DocumentId> shown = new HashSet<>();

    /** What a snapshot that has just ended did not show: it may be there no longer, or have come meanwhile. */
    private final Set<DocumentId> unsure = new HashSet<>();

    /** What a snapshot showed as it was after something that was purged, which came later: that may have taken away what was written anew under lower stamps, until this comes, too. */
    private final Set<DocumentId> ahead = new HashSet<>();

    private int upTo = -1;

    View(History history) {
        this.history = history;
    }

    void read(Coverage coverage) {
        Set<DocumentId> purged = history.purgedBetween(upTo, coverage.upTo());
        purged.forEach(this::sweep);
        upTo = Math.max(upTo, coverage.upTo());
        documents.putAll(coverage.documents());
        if (!coverage.snapshot()) {
            ahead.addAll(purged);
            ahead.removeIf(document -> documents.getOrDefault(document, -1) <= upTo);
            unsure.clear();
            unsure.addAll(ahead);
        } else {
            unsure.removeAll(coverage.documents().keySet());
            if (coverage.first()) {
                shown.clear();
            }
            shown.addAll(coverage.documents().keySet());
            if (coverage.upTo() >= 0) {
                unsure.addAll(Model.DOCUMENTS);
                unsure.removeAll(shown);
                unsure.forEach(this::sweep);
            }
        }
    }

    /** Whether it is known what was seen of a document. */
    boolean isSure(DocumentId document) {
        return !unsure.contains(document);
    }

    /** The server has nothing of a document: unless there is an edit that is not settled and not deleted, nothing is left of it. */
    private void sweep(DocumentId document) {
        List<Happening> pending = own.stream()
                .filter(happening -> happening.document.equals(document))
                .filter(happening -> happening.accepted == Happening.NEVER && !happening.withdrawn)
                .toList();
        Oracle oracle = new Oracle(Model.byLatestWriter(document), pending);
        if (oracle.fault(Optional.empty()) == null) {
            pending.forEach(happening -> happening.forgotten = true);
        }
    }

    /** What of a document was surely read, or is its reader's own and was accepted. */
    List<Happening> read(DocumentId document) {
        return seen(document).stream()
                .filter(happening -> happening.accepted != Happening.NEVER)
                .toList();
    }

    List<Happening> seen(DocumentId document) {
        int covered = Math.max(upTo, documents.getOrDefault(document, -1));
        return history.seen(document, covered, happening -> own.contains(happening) || kept.contains(happening));
    }
}
