package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A document as a replica holds it that exchanges with a server: in two layers.
 *
 * <p><em>Delivered</em> is what the server is known to hold; <em>pending</em> are the replica's edits that are not settled. The record shows both joined. In the pending layer a counter's cell holds
 * the <em>difference</em> to the replica's delivered total; the total is formed when the cells are sent. Mutable and not thread-safe.
 */
public final class Document {
    private final DocumentState delivered = DocumentState.empty();
    private final DocumentState pending = DocumentState.empty();
    private Sent sent = Sent.nothing();

    /** What was sent, and neither accepted nor refused for good: the oldest first. */
    private final List<Sent> abandoned = new ArrayList<>();

    private Document() {}

    /** A document of which nothing is known. */
    public static Document empty() {
        return new Document();
    }

    /** Whether there are edits that are not settled. */
    public boolean isPending() {
        return !pending.isEmpty();
    }

    /** What is delivered and what is pending, joined: a new state. */
    public DocumentState joined() {
        DocumentState joined = delivered.copy();
        pending.forEach((path, cell) -> {
            Cell known = path.kind() == Kind.COUNTER ? delivered.get(path) : null;
            if (known != null && known.wins(cell)) { // a twin's total: what is counted here counts beyond it
                joined.replace(path, withNumber(known, number(total(path, cell))));
            } else {
                joined.join(path, total(path, cell));
            }
        });
        return joined;
    }

    /** The record that the document shows; empty if it is not alive. */
    public Optional<Value> record(CollectionSchema schema) {
        return Records.read(joined(), schema);
    }

    /**
     * Adds an edit, as {@link Records} makes them from {@link #joined()}, to what is pending.
     *
     * @throws MalformedException if a counter's difference to what is delivered is beyond the finite doubles; nothing is added then
     */
    public void edit(DocumentState edit) {
        DocumentState differences = DocumentState.empty();
        edit.forEach((path, cell) -> {
            if (path.kind() == Kind.COUNTER) {
                double difference = CounterType.finite(path.field(), number(cell) - deliveredTotal(path));
                differences.replace(path, withNumber(cell, difference));
            }
        });
        edit.forEach((path, cell) -> {
            Cell difference = differences.get(path);
            if (difference == null) {
                pending.join(path, cell);
            } else {
                pending.replace(path, difference);
            }
        });
    }

    /**
     * Joins cells from the server. A pending cell that they reach or pass is settled: an echo is an acknowledgement.
     *
     * @return the pending edits that met a cell which their writer had not seen, and of which one is lost (M-38)
     */
    public List<Conflict> receive(DocumentState cells) {
        List<Conflict> conflicts = Conflict.between(delivered, pending, cells);
        Totals before = totals();
        if (delivered.join(cells)) {
            settleReached(before);
        }
        return conflicts;
    }

    /** The cells to be sent, and to be sent again until they are settled: what is pending, counters as totals. */
    public DocumentState send() {
        if (sent.isEmpty()) {
            DocumentState totals = DocumentState.empty();
            pending.forEach((path, cell) -> totals.replace(path, total(path, cell)));
            sent = Sent.of(totals, pending);
        }
        return sent.cells().copy();
    }

    /** The server has accepted what was sent. Edits made since then stay pending. */
    public void settle() {
        settle(sent);
        forgetSent();
    }

    /** The server has accepted what was sent in a push that had been given up. Edits made since then stay pending. */
    public void settle(Sent accepted) {
        Totals before = totals();
        boolean news = delivered.join(accepted.cells());
        accepted.cells().forEach((path, cell) -> {
            if (path.kind() == Kind.COUNTER) {
                settleDifference(path, cell);
            }
            Cell left = pending.get(path);
            if (left != null && (path.kind() == Kind.COUNTER ? left.stamp().equals(cell.stamp()) : !left.wins(cell))) {
                pending.drop(path);
            }
        });
        if (news) {
            settleReached(before);
        }
        forgetAbandoned();
    }

    /** What was written in a push that had been given up has been found to have arrived (P-28). Edits made since then stay pending, and so do removals, which can come twice. */
    public void settleWritten(Sent arrived) {
        arrived.cells().forEach((path, cell) -> {
            if (cell.removed()) {
                return;
            }
            if (path.kind() == Kind.COUNTER) {
                settleDifference(path, cell);
            }
            Cell left = pending.get(path);
            if (left != null && left.stamp().equals(cell.stamp()) && !left.removed()) {
                pending.drop(path);
            }
        });
    }

    /**
     * What was written in a push that had been given up has arrived, as far as can be told, and a twin has written over all of it since (P-28): what is settled is not in the totals that are there, so bases take nothing of it away.
     */
    public void settleOverwritten(Sent overwritten) {
        overwritten.cells().forEach((path, cell) -> {
            Cell base = path.kind() == Kind.COUNTER ? pending.get(CounterType.base(path)) : null;
            if (base != null && !cell.stamp().isAfter(base.stamp())) {
                double left = CounterType.saturated(number(base) - overwritten.difference(path));
                pending.replace(CounterType.base(path), new Cell(base.stamp(), true, Value.of(left)));
            }
        });
        settleWritten(overwritten);
    }

    /** What was prepared to be sent was not. */
    public void cancel() {
        forgetSent();
    }

    /** What was sent has not been accepted, as far as is known: it is to be sent anew, in another push. */
    public Sent unsend() {
        Sent given = sent;
        abandoned.add(given);
        forgetSent();
        return given;
    }

    /** What was sent and not accepted never will be. */
    public void forgetAbandoned() {
        abandoned.clear();
    }

    /** The stamps of a replica above one in what is pending: of its edits, of what they remove, and of the lives in which they count. */
    public Set<Stamp> pendingStamps(ReplicaId replica, Stamp above) {
        return Restamping.stamps(pending, replica, above);
    }

    /** Gives pending edits other stamps. The record stays as it is, and what may have arrived stays as it was sent. */
    public void restamp(Restamping restamping) {
        DocumentState known = delivered.copy();
        abandoned.forEach(given -> known.join(given.cells()));
        known.join(sent.cells());
        DocumentState restamped = restamping.of(pending, known);
        pending.clear();
        restamped.forEach(pending::replace);
    }

    /** As {@link #unsend}, of a document that was withdrawn after it was sent: differences whose totals are no longer delivered are counted in new lives (M-40). */
    public Sent unsendForgotten() {
        List<Path> lost = pending.cells().keySet().stream()
                .filter(path ->
                        path.kind() == Kind.COUNTER && sent.cells().get(path) != null && delivered.get(path) == null)
                .toList();
        Sent given = unsend();
        lost.forEach(this::beginLife);
        return given;
    }

    /**
     * The server has refused what was sent: the document goes back to what is delivered.
     *
     * @return the pending layer that was dropped, edits made in flight included
     */
    public DocumentState reject() {
        DocumentState dropped = pending.copy();
        pending.clear();
        forgetSent();
        forgetAbandoned();
        return dropped;
    }

    /** All of the document, for a server that no longer has it (P-9): what is joined, with the lives of others' counters ended (M-41). */
    public DocumentState whole(ReplicaId own) {
        DocumentState whole = joined();
        CounterType.endLives(whole, own);
        return whole;
    }

    /**
     * Replaces what is delivered by what the server holds now (P-12). Pending edits are kept; what is counted beyond a total that is lost by that is counted in a new life (M-40).
     *
     * @return the conflicts, as of {@link #receive}
     */
    public List<Conflict> replaceDelivered(DocumentState cells) {
        List<Conflict> conflicts = Conflict.between(delivered, pending, cells);
        List<Path> lost = lostTotals(cells);
        Totals before = totals();
        delivered.clear();
        delivered.join(cells);
        lost.forEach(this::beginLife);
        settleReached(before);
        return conflicts;
    }

    /**
     * Drops delivered cells that a purge has dropped, and lower ones (P-21). Pending edits are kept, as {@link #replaceDelivered} keeps them.
     *
     * @throws IllegalStateException if something is sent and not settled: whether it was accepted before the purge decides what is delivered
     */
    public void drop(DocumentState dropped) {
        if (!sent.isEmpty()) {
            throw new IllegalStateException("what was sent is settled before anything is dropped");
        }
        DocumentState left = delivered.without(dropped);
        List<Path> lost = lostTotals(left);
        delivered.clear();
        delivered.join(left);
        lost.forEach(this::beginLife);
    }

    /** The pending counters whose delivered totals are not among cells, or are less there. */
    private List<Path> lostTotals(DocumentState cells) {
        return pending.cells().keySet().stream()
                .filter(path -> path.kind() == Kind.COUNTER && sent.cells().get(path) == null)
                .filter(path -> {
                    Cell held = delivered.get(path);
                    return held != null && held.wins(cells.get(path));
                })
                .toList();
    }

    /** Counts a pending difference in a new life, which its edit begins. One that this replica has reset itself is over. */
    private void beginLife(Path path) {
        Cell difference = requireNonNull(pending.get(path));
        Cell base = pending.get(CounterType.base(path));
        pending.drop(path);
        if (base == null || difference.stamp().isAfter(base.stamp())) {
            pending.join(Path.counter(path.field(), difference.stamp()), difference);
        }
    }

    /**
     * Of the pending counters, before something is delivered.
     *
     * @param sent the totals, as they would be sent
     * @param held those that are delivered: what is still there has not just arrived
     */
    private record Totals(DocumentState sent, DocumentState held) {}

    private Totals totals() {
        Totals totals = new Totals(DocumentState.empty(), DocumentState.empty());
        pending.forEach((path, cell) -> {
            if (path.kind() == Kind.COUNTER) {
                totals.sent.replace(path, total(path, cell));
                Cell held = delivered.get(path);
                if (held != null) {
                    totals.held.join(path, held);
                }
            }
        });
        return totals;
    }

    private void settleReached(Totals before) {
        List<Path> paths = new ArrayList<>(pending.cells().keySet());
        paths.stream().filter(path -> covered(path) == null).forEach(path -> settleReached(path, before));
        paths.stream().filter(path -> covered(path) != null).forEach(path -> settleReached(path, before));
    }

    private void settleReached(Path path, Totals before) {
        Cell reached = delivered.get(path);
        if (reached == null) {
            return;
        }
        if (path.kind() == Kind.COUNTER) {
            settleTotal(path, reached, before);
            return;
        }
        Cell cell = requireNonNull(pending.get(path));
        if (isOwn(path, cell)
                ? cell.stamp().equals(reached.stamp())
                : !cell.wins(reached) && !coversPending(path, cell)) {
            pending.drop(path);
        }
    }

    private void settleTotal(Path path, Cell reached, Totals before) {
        if (reached.equals(before.held.get(path))) {
            return;
        }
        boolean isEcho = reached.equals(before.sent.get(path))
                || offers().stream()
                        .anyMatch(offer -> reached.equals(offer.cells().get(path)));
        settleDifference(path, reached);
        if (isEcho && requireNonNull(pending.get(path)).stamp().equals(reached.stamp())) {
            pending.drop(path);
            offers().forEach(offer -> offer.takeDifference(path, reached.stamp()));
        }
    }

    /** The path of the cell that a deletion or a base covers; null at other paths. */
    private static @Nullable Path covered(Path path) {
        return switch (path.kind()) {
            case COUNTER_BASE -> path.as(Kind.COUNTER);
            case DELETION -> path.hasReplica() ? path.as(Kind.EXISTENCE) : null;
            default -> null;
        };
    }

    /** Whether a deletion or a base covers what is pending: one that covers a twin's cell says nothing of that (P-28). */
    private boolean coversPending(Path path, Cell cell) {
        Path covered = covered(path);
        Cell own = covered == null ? null : pending.get(covered);
        return own != null && !own.stamp().isAfter(cell.stamp());
    }

    /** Whether nobody but the replica itself writes such a cell: a later one there is a twin's, and says nothing of this one (P-28). */
    private static boolean isOwn(Path path, Cell cell) {
        return !cell.removed() && path.hasReplica();
    }

    private List<Sent> offers() {
        List<Sent> offers = new ArrayList<>(abandoned);
        offers.add(sent);
        return offers;
    }

    /** A total that was sent is now delivered: how much of it was pending must not count twice. */
    private void settleDifference(Path path, Cell total) {
        List<Sent> offers = offers();
        if (offers.stream().noneMatch(offer -> offer.owes(path, total))) {
            return; // it is another one's total
        }
        double difference = 0;
        for (Sent offer : offers) {
            boolean arrived = offer.owes(path, total);
            double its = offer.takeDifference(path, total.stamp());
            difference = arrived ? its : difference;
        }
        Cell cell = pending.get(path);
        if (difference != 0 && cell != null) {
            pending.replace(path, withNumber(cell, CounterType.saturated(number(cell) - difference)));
        }
    }

    private void forgetSent() {
        sent = Sent.nothing();
    }

    private Cell total(Path path, Cell cell) {
        return path.kind() == Kind.COUNTER
                ? withNumber(cell, CounterType.saturated(number(cell) + deliveredTotal(path)))
                : cell;
    }

    private double deliveredTotal(Path path) {
        return number(delivered.get(path));
    }

    private static Cell withNumber(Cell cell, double number) {
        return Cell.live(cell.stamp(), Value.of(number));
    }

    private static double number(@Nullable Cell cell) {
        return cell == null || cell.value() == null ? 0 : cell.value().number();
    }

    /** The delivered cells: a read-only view, which shows later changes, too. */
    public Map<Path, Cell> delivered() {
        return delivered.cells();
    }

    /** The pending cells, counters as differences: a read-only view, which shows later changes, too. */
    public Map<Path, Cell> pending() {
        return pending.cells();
    }
}
