package dev.watersmeet.crdt;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The counter: a total for each replica, and for each total the point at which it was last reset. */
final class CounterType implements FieldType.Convention {
    static final Value ZERO = Value.of(0);

    @Override
    public Value read(Map<Path, Cell> cells) { // M-13
        Map<ReplicaId, Double> shares = new TreeMap<>(); // doubles are added in one order everywhere
        cells.forEach((path, cell) -> {
            if (path.kind() == Kind.COUNTER) {
                shares.put(path.replica(), share(cell, cells.get(base(path))));
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
        Path path = Path.counter(field, edit.writer());
        double total = ownTotal(cells.get(path), cells.get(Path.counterBase(field, edit.writer()))) + difference;
        edit.write(path, Cell.live(edit.stamp(), Value.of(finite(field, total))));
    }

    /** Passes a total or a difference that is a number: what a writer counts is refused rather than cut off. */
    static double finite(String field, double number) {
        if (!Double.isFinite(number)) {
            throw MalformedException.of("the counter " + CanonicalWriter.quote(field) + " stays a finite number");
        }
        return number;
    }

    /** What a replica has counted so far, whether or not a reset took it away: a base may be known before the total that it was taken from. */
    static double ownTotal(@Nullable Cell total, @Nullable Cell base) {
        Cell latest = total == null || (base != null && base.stamp().isAfter(total.stamp())) ? base : total;
        return latest == null ? 0 : number(latest);
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

    private static Path base(Path total) {
        return Path.counterBase(total.field(), total.replica());
    }
}
