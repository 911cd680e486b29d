package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A rule of access by document (P-22, P-24) that is switched off by changing pages on their way. */
enum AccessBug {
    /** All is as it should be. */
    NONE,
    /** Nobody hears that a document is withdrawn. */
    WITHDRAWAL_LEFT_OUT,
    /** Of a document that comes to be readable only the latest edit arrives. */
    PART_FOR_THE_WHOLE,
    /** Everybody hears that there are documents that they may not read. */
    NAME_TOLD;

    /**
     * What becomes of a page.
     *
     * @param all the documents that there are
     */
    Page on(Page page, Collection<DocumentId> all) {
        return switch (this) {
            case NONE -> page;
            case WITHDRAWAL_LEFT_OUT -> with(page, page.documents(), page.complete(), List.of());
            case PART_FOR_THE_WHOLE ->
                with(
                        page,
                        page.documents().stream()
                                .map(document -> page.complete().contains(document.id()) ? latest(document) : document)
                                .toList(),
                        Set.of(),
                        page.withdrawn());
            case NAME_TOLD -> {
                List<DocumentId> withdrawn = new ArrayList<>(all);
                page.documents().forEach(document -> withdrawn.remove(document.id()));
                page.dropped().forEach(document -> withdrawn.remove(document.id()));
                yield with(page, page.documents(), page.complete(), withdrawn);
            }
        };
    }

    private static Page with(
            Page page, List<DocumentCells> documents, Set<DocumentId> complete, List<DocumentId> withdrawn) {
        return new Page(documents, complete, page.dropped(), withdrawn, page.cursor(), page.more());
    }

    private static DocumentCells latest(DocumentCells document) {
        Stamp latest = document.cells().cells().values().stream()
                .map(Cell::stamp)
                .max(Stamp::compareTo)
                .orElseThrow();
        Map<Path, Cell> cells = new HashMap<>(document.cells().cells());
        cells.values().removeIf(cell -> !cell.stamp().equals(latest));
        return new DocumentCells(document.id(), DocumentState.of(cells));
    }
}
