package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final DocumentState sent = DocumentState.empty();
    private final DocumentState sentDifferences = DocumentState.empty();

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
        pending.forEach((path, cell) -> joined.join(path, total(path, cell)));
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
        delivered.join(cells);
        settleReached();
        return conflicts;
    }

    /** The cells to be sent, and to be sent again until they are settled: what is pending, counters as totals. */
    public DocumentState send() {
        if (sent.isEmpty()) {
            pending.forEach((path, cell) -> {
                sent.replace(path, total(path, cell));
                if (path.kind() == Kind.COUNTER) {
                    sentDifferences.replace(path, cell);
                }
            });
        }
        return sent.copy();
    }

    /** The server has accepted what was sent. Edits made since then stay pending. */
    public void settle() {
        delivered.join(sent);
        settleReached();
        forgetSent();
    }

    /** The server has not accepted what was sent, and never will: it is to be sent anew, under a new number. */
    public void unsend() {
        forgetSent();
    }

    /** As {@link #unsend}, of a document that was withdrawn after it was sent: differences whose totals are no longer delivered are counted in new lives (M-40). */
    public void unsendForgotten() {
        List<Path> lost = pending.cells().keySet().stream()
                .filter(path -> path.kind() == Kind.COUNTER && sent.get(path) != null && delivered.get(path) == null)
                .toList();
        forgetSent();
        lost.forEach(this::beginLife);
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
        delivered.clear();
        delivered.join(cells);
        lost.forEach(this::beginLife);
        settleReached();
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
                .filter(path -> path.kind() == Kind.COUNTER && sent.get(path) == null)
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

    private void settleReached() {
        for (Path path : new ArrayList<>(pending.cells().keySet())) {
            Cell reached = delivered.get(path);
            if (reached == null) {
                continue;
            }
            Cell sentCell = sent.get(path);
            if (path.kind() == Kind.COUNTER && sentCell != null && !sentCell.wins(reached)) {
                settleDifference(path);
            }
            Cell cell = requireNonNull(pending.get(path));
            if (path.kind() == Kind.COUNTER ? cell.stamp().equals(reached.stamp()) : !cell.wins(reached)) {
                pending.drop(path); // a greater total at the own path is a clone's, and settles no difference
            }
        }
    }

    /** What was sent of a counter is now in the delivered total: it must not count twice. */
    private void settleDifference(Path path) {
        Cell difference = sentDifferences.get(path);
        Cell cell = pending.get(path);
        if (difference != null && cell != null) {
            pending.replace(path, withNumber(cell, CounterType.saturated(number(cell) - number(difference))));
            sentDifferences.drop(path);
        }
    }

    private void forgetSent() {
        sent.clear();
        sentDifferences.clear();
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
