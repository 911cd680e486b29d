package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counter: totals, and for each the point at which it was reset.
 *
 * <p>A replica counts in a <em>life</em>, which is named by the stamp of the edit that began it, until somebody resets it: then it begins another one (M-40). So what a reset takes away is never more than
 * what was counted, also where the writer has forgotten his own total since, because a purge has dropped it.
 */
final class CounterType implements FieldType.Convention {
    static final Value ZERO = Value.of(0);

    @Override
    public Value read(Map<Path, Cell> cells) { // M-13
        Map<Stamp, Double> shares = new TreeMap<>(); // doubles are added in one order everywhere
        cells.forEach((path, cell) -> {
            if (path.kind() == Kind.COUNTER) {
                shares.put(path.life(), share(cell, cells.get(base(path))));
            }
        });
        double sum = 0;
        for (double share : shares.values()) {
            sum = saturated(sum + share);
        }
        return Value.of(sum);
    }

    private static double share(Cell total, @Nullable Cell base) {
        if (base == null) {
            return number(total);
        }
        return total.stamp().isAfter(base.stamp()) ? saturated(number(total) - number(base)) : 0;
    }

    /** The finite double closest to a sum or a difference of two: totals of many replicas stay a number that a record can hold, and can be put again. */
    static double saturated(double number) {
        return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, number));
    }

    private static double number(Cell cell) {
        return requireNonNull(cell.value()).number();
    }

    @Override
    public void diff(
            String field, Map<Path, Cell> cells, @Nullable Value read, @Nullable Value put, Edit edit) { // M-19
        Double after = number(put);
        if (after == null) {
            throw MalformedException.of(
                    "the field " + CanonicalWriter.quote(field) + " is a counter: its value is a number",
                    String.valueOf(put));
        }
        Double before = number(read); // null if it was read before the field was declared to be a counter
        double difference = after - (before == null ? 0 : before);
        if (difference == 0) {
            return;
        }
        Path path = Path.counter(field, life(cells, edit));
        Cell known = cells.get(path);
        double total = (known == null ? 0 : number(known)) + difference;
        edit.write(path, Cell.live(edit.stamp(), Value.of(finite(field, total))));
    }

    /** The life in which the writer goes on to count: the latest of his own that has no base, else a new one (M-40). */
    private static Stamp life(Map<Path, Cell> cells, Edit edit) {
        return cells.keySet().stream()
                .filter(path -> path.kind() == Kind.COUNTER && path.replica().equals(edit.writer()))
                .filter(path -> !cells.containsKey(base(path)) && edit.cells().get(base(path)) == null)
                .map(Path::life)
                .max(Comparator.naturalOrder())
                .orElse(edit.stamp());
    }

    /** Ends the lives of all replicas but one, unless they are ended: with bases that take nothing away (M-41). */
    static void endLives(DocumentState state, ReplicaId own) {
        Map<Path, Cell> ends = new HashMap<>();
        state.forEach((path, cell) -> {
            if (path.kind() == Kind.COUNTER && !path.replica().equals(own) && state.get(base(path)) == null) {
                ends.put(base(path), new Cell(new Stamp(0, path.replica()), true, ZERO));
            }
        });
        ends.forEach(state::join);
    }

    /** Passes a total or a difference that is a number: what a writer counts is refused rather than cut off. */
    static double finite(String field, double number) {
        if (!Double.isFinite(number)) {
            throw MalformedException.of("the counter " + CanonicalWriter.quote(field) + " stays a finite number");
        }
        return number;
    }

    /** The number; 0 if the field is absent or undefined, null if it holds something else. */
    private static @Nullable Double number(@Nullable Value value) {
        if (value == null || value.equals(Value.UNDEFINED)) { // M-5
            return 0.0;
        }
        return value.isNumber() ? value.number() : null;
    }

    @Override
    public boolean isLive(Map<Path, Cell> cells) {
        return cells.keySet().stream().anyMatch(path -> counts(path, cells));
    }

    @Override
    public void clear(Map<Path, Cell> cells, Edit edit) { // M-21
        cells.forEach((path, cell) -> {
            if (counts(path, cells)) {
                edit.write(base(path), new Cell(cell.stamp(), true, cell.value()));
            }
        });
    }

    /** Whether at a path there is a total that its base does not cover: what is covered counts nothing. */
    private static boolean counts(Path path, Map<Path, Cell> cells) {
        if (path.kind() != Kind.COUNTER) {
            return false;
        }
        Cell base = cells.get(base(path));
        return base == null || requireNonNull(cells.get(path)).stamp().isAfter(base.stamp());
    }

    /** Where the base of a total is kept. */
    static Path base(Path total) {
        return total.as(Kind.COUNTER_BASE);
    }
}
