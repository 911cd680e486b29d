package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** A client that gives its edits other stamps before it pushes them, and does wrong in that (P-28): what it issued is told under other stamps, and heard under its own. */
final class Restamped {
    /** Far enough to be below what others wrote meanwhile, in the time of stamps. */
    private static final long DOWN = 20_000L << 16;

    /** More than are issued in one millisecond. */
    private static final long UP = 1L << 14;

    private final PlantedBug bug;

    /** By the stamps that the client has issued, those that are told. */
    private final Map<Stamp, Stamp> told = new HashMap<>();

    private final Map<Stamp, Stamp> issued = new HashMap<>();

    Restamped(PlantedBug bug) {
        this.bug = bug;
    }

    /** A push is said, maybe again. */
    void said(ReplicaId own, Push push) {
        TreeSet<Stamp> fresh = new TreeSet<>();
        push.documents().forEach(document -> ((PushedDocument.Readable) document)
                .document()
                .cells()
                .forEach((path, cell) -> {
                    Stamp stamp = cell.stamp();
                    if (!cell.removed() && stamp.replica().equals(own) && !told.containsKey(stamp)) {
                        fresh.add(stamp);
                    }
                }));
        TreeSet<Stamp> left = new TreeSet<>(fresh);
        for (Stamp stamp : fresh) {
            Stamp other =
                    switch (bug) {
                        case RESTAMPED_IN_ANOTHER_ORDER -> left.pollLast();
                        case RESTAMPED_DOWNWARD -> new Stamp(stamp.time() - DOWN, own);
                        default -> new Stamp(stamp.time() + UP, own);
                    };
            told.put(stamp, other);
            issued.put(other, stamp);
        }
    }

    DocumentCells said(DocumentCells document) {
        boolean removalsToo = bug != PlantedBug.RESTAMPED_BUT_REMOVALS;
        return renamed(
                document,
                cell -> cell.removed() && !removalsToo ? cell.stamp() : told.getOrDefault(cell.stamp(), cell.stamp()));
    }

    DocumentCells heard(DocumentCells document) {
        return renamed(document, cell -> issued.getOrDefault(cell.stamp(), cell.stamp()));
    }

    private static DocumentCells renamed(DocumentCells document, Function<Cell, Stamp> naming) {
        DocumentState renamed = DocumentState.empty();
        document.cells()
                .forEach(
                        (path, cell) -> renamed.join(path, new Cell(naming.apply(cell), cell.removed(), cell.value())));
        return new DocumentCells(document.id(), renamed);
    }
}
