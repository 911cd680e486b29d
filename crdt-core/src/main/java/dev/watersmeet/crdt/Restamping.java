package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Other stamps for pending edits that nobody has seen (P-28): those of a replica whose clock ran ahead, or one that goes on under another id because it has a twin. One exchange holds for all documents and keeps the order, so that the edits win over each other as before.
 *
 * <p>Edits that may have arrived under their old stamps must not be given others: they would be made twice.
 */
public final class Restamping {
    private final ReplicaId from;
    private final ReplicaId to;
    private final Stamp seen;
    private final UnaryOperator<Stamp> exchange;

    private Restamping(ReplicaId from, ReplicaId to, Stamp seen, UnaryOperator<Stamp> exchange) {
        this.from = requireNonNull(from);
        this.to = requireNonNull(to);
        this.seen = requireNonNull(seen);
        this.exchange = requireNonNull(exchange);
    }

    /**
     * Of a replica whose clock ran ahead: its stamps for later ones of the same replica, in their order.
     *
     * @param seen the greatest stamp that others may have seen; those up to it stay
     * @param old the stamps above it
     * @param next issues the next stamp
     */
    public static Restamping anew(ReplicaId replica, Stamp seen, Set<Stamp> old, Supplier<Stamp> next) {
        Map<Stamp, Stamp> stamps = new HashMap<>();
        new TreeSet<>(old).forEach(stamp -> stamps.put(stamp, next.get()));
        return new Restamping(replica, replica, seen, stamp -> requireNonNull(stamps.get(stamp)));
    }

    /**
     * Of a replica that goes on under another id, which has issued no stamp yet: the same edits at the same times. What they win over, and what wins over them, stays as it is.
     *
     * @param seen the greatest stamp of the old id that the server has accepted from this replica; what is above it on the server is its twin's
     */
    public static Restamping to(ReplicaId from, ReplicaId to, Stamp seen) {
        return new Restamping(from, to, seen, stamp -> new Stamp(stamp.time(), to));
    }

    /** Whether a stamp is the replica's own, and nobody has seen it. */
    private boolean isUnseen(Stamp stamp) {
        return stamp.replica().equals(from) && stamp.isAfter(seen);
    }

    /** Under another id nothing that is live may bear the old one: what is pending of a document may have been lost, though a later edit of another one was seen. */
    private boolean stays(Cell cell) {
        boolean moves = !from.equals(to) && !cell.removed();
        return moves ? !cell.stamp().replica().equals(from) : !isUnseen(cell.stamp());
    }

    /**
     * The pending cells under their new stamps. The record that they show with what is delivered is the same.
     *
     * @param delivered what is delivered, and what may have been
     */
    DocumentState of(DocumentState pending, DocumentState delivered) {
        DocumentState restamped = DocumentState.empty();
        pending.forEach((path, cell) -> {
            if (stays(cell)) {
                restamped.join(path, cell);
                return;
            }
            switch (path.kind()) {
                case COUNTER -> count(path, cell, pending, delivered, restamped);
                case COUNTER_BASE -> reset(path, cell, pending, delivered, restamped);
                default -> move(path, cell, delivered, restamped);
            }
        });
        if (!from.equals(to)) {
            bearExistence(restamped);
            deleteExistence(pending, restamped);
        }
        return restamped;
    }

    /** Every edit writes the existence (M-16): one that came back because a twin issued the same stamp is missing. */
    private void bearExistence(DocumentState restamped) {
        Stamp[] greatest = {new Stamp(0, to)};
        restamped.forEach((path, cell) -> {
            boolean later = !cell.removed()
                    && cell.stamp().replica().equals(to)
                    && cell.stamp().isAfter(greatest[0]);
            greatest[0] = later ? cell.stamp() : greatest[0];
        });
        if (greatest[0].time() != 0) {
            restamped.join(Path.existence(to), Cell.live(greatest[0]));
        }
    }

    /** A deletion covers all edits of its path up to the one that it names, though that may be a twin's: at the new path it has to name the last that moved there. */
    private void deleteExistence(DocumentState pending, DocumentState restamped) {
        Cell deletion = pending.get(Path.deletion(from));
        Cell existence = restamped.get(Path.existence(to));
        if (deletion != null && existence != null && !existence.stamp().isAfter(exchange.apply(deletion.stamp()))) {
            restamped.join(Path.deletion(to), Cell.removed(existence.stamp()));
        }
    }

    /** What was counted and not reset is a difference, which is counted in a life of the new id; in the same one, if the id stays and the life is known. */
    private void count(
            Path path, Cell difference, DocumentState pending, DocumentState delivered, DocumentState restamped) {
        if (isReset(path, difference, pending)) {
            return;
        }
        Stamp stamp = exchange.apply(difference.stamp());
        restamped.join(life(path, stamp, delivered), new Cell(stamp, false, difference.value()));
    }

    private Path life(Path path, Stamp stamp, DocumentState delivered) {
        if (isUnseen(path.life()) && delivered.get(path) == null) {
            return Path.counter(path.field(), exchange.apply(path.life()));
        }
        return from.equals(to) ? path : Path.counter(path.field(), stamp);
    }

    private static boolean isReset(Path total, Cell difference, DocumentState pending) {
        Cell base = pending.get(CounterType.base(total));
        return base != null && !difference.stamp().isAfter(base.stamp());
    }

    /** A reset of what was counted and never sent takes that away here. What is left of it takes away what was delivered before. */
    private void reset(Path path, Cell base, DocumentState pending, DocumentState delivered, DocumentState restamped) {
        Path total = path.as(Kind.COUNTER);
        Cell known = delivered.get(total);
        Cell difference = pending.get(total);
        if (difference == null || names(base, known)) {
            restamped.join(path, base);
        } else if (known != null && !isUnseen(known.stamp())) {
            restamped.join(path, new Cell(known.stamp(), true, known.value()));
        } else if (known != null) { // the twin has counted on since: that was not reset
            double before = CounterType.saturated(number(base) - number(difference));
            if (before != 0) {
                restamped.join(path, new Cell(seen, true, Value.of(before)));
            }
        }
    }

    /** Whether a cell takes away one that is delivered: a twin's, for it is not the replica's own. */
    private static boolean names(Cell removal, @Nullable Cell known) {
        return known != null && removal.stamp().equals(known.stamp());
    }

    private static double number(Cell cell) {
        return requireNonNull(cell.value()).number();
    }

    private void move(Path path, Cell cell, DocumentState delivered, DocumentState restamped) {
        if (!path.hasReplica()) {
            restamped.join(path, new Cell(exchange.apply(cell.stamp()), cell.removed(), cell.value()));
            return;
        }
        Cell known = delivered.get(path.kind() == Kind.DELETION ? path.as(Kind.EXISTENCE) : path);
        if (cell.removed() && names(cell, known)) {
            restamped.join(path, cell);
            return;
        }
        if (!cell.removed() || path.kind() == Kind.DELETION) {
            restamped.join(path.of(to), new Cell(exchange.apply(cell.stamp()), cell.removed(), cell.value()));
        } // else it takes away an addition that nobody has seen
        if (path.kind() != Kind.EXISTENCE && known != null && !known.removed() && !isUnseen(known.stamp())) {
            restamped.join(path, Cell.removed(known.stamp())); // what it took the place of
        }
    }

    /** The stamps of a replica above one, among pending cells: those that cells carry, and those that lives of counters are named by. */
    static Set<Stamp> stamps(DocumentState pending, ReplicaId replica, Stamp above) {
        Set<Stamp> stamps = new HashSet<>();
        pending.forEach((path, cell) -> {
            stamps.add(cell.stamp());
            if (path.kind() == Kind.COUNTER || path.kind() == Kind.COUNTER_BASE) {
                stamps.add(path.life());
            }
        });
        stamps.removeIf(stamp -> !stamp.replica().equals(replica) || !stamp.isAfter(above));
        return stamps;
    }
}
