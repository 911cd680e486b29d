package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The cells of one document in a push, as they travel, and how much of each total was pending: until it is known whether they have arrived. Not thread-safe. */
public final class Sent {
    private final DocumentState cells;
    private final Map<Path, Double> differences = new HashMap<>();

    private Sent(DocumentState cells) {
        this.cells = requireNonNull(cells);
    }

    static Sent nothing() {
        return new Sent(DocumentState.empty());
    }

    /** @param pending the same cells, counters as differences */
    static Sent of(DocumentState cells, DocumentState pending) {
        Sent sent = new Sent(cells);
        pending.forEach((path, cell) -> {
            if (path.kind() == Kind.COUNTER) {
                sent.differences.put(path, requireNonNull(cell.value()).number());
            }
        });
        return sent;
    }

    DocumentState cells() {
        return cells;
    }

    boolean isEmpty() {
        return cells.isEmpty();
    }

    /** Whether a total was sent, and is not settled. */
    boolean owes(Path path, Cell total) {
        return differences.containsKey(path) && total.equals(cells.get(path));
    }

    /** How much of a total was pending when it was sent, and is not settled. */
    double difference(Path path) {
        return differences.getOrDefault(path, 0.0);
    }

    /** How much of a total was pending, if it was sent up to a stamp: once, for then it is settled. 0 otherwise. */
    double takeDifference(Path path, Stamp stamp) {
        Cell total = cells.get(path);
        if (total == null || total.stamp().isAfter(stamp)) {
            return 0;
        }
        Double difference = differences.remove(path);
        return difference == null ? 0 : difference;
    }

    /** The newest edit, if it is among cells that were read since as it was sent: nobody made it but its writer, or who has a copy of that. */
    public Optional<Stamp> echo(DocumentState known) {
        return newest().filter(newest -> cells.cells().entrySet().stream().anyMatch(sent -> {
            Cell now = known.get(sent.getKey());
            return !sent.getValue().removed()
                    && sent.getKey().hasReplica()
                    && now != null
                    && now.stamp().equals(newest);
        }));
    }

    private Optional<Stamp> newest() {
        return cells.cells().values().stream()
                .filter(cell -> !cell.removed())
                .map(Cell::stamp)
                .max(Stamp::compareTo);
    }

    /**
     * Whether of what was written each cell, or a later one, is among cells that were read since. Of a document that was accepted that is so, unless a purge has dropped some of it; of one that was not, only if a twin of its writer has since written
     * at all the same paths (P-28).
     */
    public boolean isOverwritten(DocumentState known) {
        return newest().isPresent() // removals can come twice
                && cells.cells().entrySet().stream().allMatch(sent -> {
                    Cell now = known.get(sent.getKey());
                    return sent.getValue().removed()
                            || (now != null && !sent.getValue().wins(now));
                });
    }
}
