package dev.watersmeet.sync;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Stamp;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A document that a page tells of, and what that is to each audience. An audience is in one of the sets at most; to all others the document is nothing.
 *
 * @param id the document
 * @param changed the cells that the page brings, without marks
 * @param state all its cells, without marks; null where nobody needs them
 * @param staying the audiences that may read it, and have read what was before the page
 * @param joining the audiences that may read it, and may lack what was before
 * @param leaving the audiences that could read it, and from this page on cannot any more
 */
record JudgedDocument(
        DocumentId id,
        DocumentCells changed,
        @Nullable DocumentCells state,
        Set<String> staying,
        Set<String> joining,
        Set<String> leaving) {
    /**
     * Judges a document.
     *
     * @param page the cells that the page brings
     * @param state the document as it is by now, which is at the page's end or later
     * @param readers who may read that
     * @param purged whether something was purged since the page's end: then it may be another document of the same name, of which nobody has anything
     */
    static JudgedDocument of(DocumentCells page, DocumentState state, Readers readers, boolean purged) {
        Map<String, Cell> told = AccessMarks.of(page.cells());
        DocumentCells changed = AccessMarks.without(page);
        Set<String> staying = new HashSet<>();
        Set<String> joining = new HashSet<>();
        for (String audience : readers.audiences()) {
            Cell mark = readers.marks().get(audience);
            boolean before = !purged
                    && !told.containsKey(audience)
                    && mark != null
                    && isBeforeAny(mark.stamp(), changed.cells());
            (before ? staying : joining).add(audience);
        }
        Set<String> leaving = new HashSet<>();
        told.forEach((audience, mark) -> {
            Cell now = readers.marks().getOrDefault(audience, mark);
            if (now.removed() && !readers.audiences().contains(audience)) {
                leaving.add(audience);
            }
        });
        DocumentCells whole = joining.isEmpty() ? null : AccessMarks.without(new DocumentCells(page.id(), state));
        return new JudgedDocument(page.id(), changed, whole, staying, joining, leaving);
    }

    /**
     * Whether a mark is surely older than the page. A mark's stamp is above all that the document held when it was set; so if a cell of the page has a higher one, the mark was there first. Otherwise it may have come after the page, and is in
     * one that is not read yet: who is sent too much loses nothing.
     */
    private static boolean isBeforeAny(Stamp mark, DocumentState cells) {
        return cells.isEmpty()
                || cells.cells().values().stream().anyMatch(cell -> cell.stamp().isAfter(mark));
    }

    /** What the page brings; empty if that was only marks. */
    Optional<DocumentCells> delta() {
        return changed.cells().isEmpty() ? Optional.empty() : Optional.of(changed);
    }

    /** All cells of the document. */
    DocumentCells whole() {
        if (state == null) {
            throw new IllegalStateException("nobody joins " + id);
        }
        return state;
    }
}
