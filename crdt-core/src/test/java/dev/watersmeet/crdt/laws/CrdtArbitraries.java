package dev.watersmeet.crdt.laws;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random values, stamps, paths, cells and states of documents. */
public final class CrdtArbitraries {
    private static final char FIRST_SURROGATE = '\ud800';
    private static final char LAST_SURROGATE = '\udfff';
    private static final ReplicaId LOW = new ReplicaId(1);
    private static final ReplicaId HIGH = new ReplicaId(-1); // ids are unsigned

    private CrdtArbitraries() {}

    /** Strings with everything that is hard to write: controls, quotes, pairs and halves of surrogates. */
    public static Arbitrary<String> strings() {
        return Arbitraries.strings()
                .ascii()
                .all()
                .withCharRange(FIRST_SURROGATE, LAST_SURROGATE)
                .withChars("__proto__\u2028\u2029\ufeff😀")
                .ofMaxLength(12);
    }

    /** Values of every form that JSON has. */
    public static Arbitrary<Value> values() {
        Arbitrary<Value> scalars = Arbitraries.oneOf(
                Arbitraries.doubles().map(Value::of),
                Arbitraries.integers().map(Value::of),
                strings().map(Value::of),
                Arbitraries.of(Value.of(true), Value.of(false), Value.NULL));
        return Arbitraries.lazyOf(
                        () -> scalars,
                        () -> scalars,
                        () -> scalars, // more often than not, or the trees have no end
                        () -> values().list().ofMaxSize(3).map(Value::of),
                        () -> Arbitraries.maps(strings(), values()).ofMaxSize(3).map(Value::of))
                .withoutEdgeCases(); // those of nested lists multiply until the heap is full
    }

    /** Replica ids. */
    public static Arbitrary<ReplicaId> replicas() {
        return Arbitraries.longs().map(ReplicaId::new);
    }

    /** Stamps of any time by any replica. */
    public static Arbitrary<Stamp> stamps() {
        return Combinators.combine(Arbitraries.longs(), replicas()).as(Stamp::new);
    }

    /** Paths of every kind. */
    public static Arbitrary<Path> paths() {
        Arbitrary<Value> elements = values().filter(value -> value.bytes() <= Path.MAX_SEGMENT_BYTES);
        return Arbitraries.oneOf(
                Arbitraries.of(Path.ROOT, Path.DELETION_BY_ANY),
                replicas().map(Path::existence),
                replicas().map(Path::deletion),
                strings().map(Path::register),
                Combinators.combine(strings(), elements, replicas()).as(Path::element),
                Combinators.combine(strings(), stamps()).as(Path::counter),
                Combinators.combine(strings(), stamps()).as(Path::counterBase),
                Combinators.combine(strings(), elements, replicas()).as(Path::multi),
                Combinators.combine(strings(), strings().list().ofMinSize(1).ofMaxSize(3))
                        .as(Path::leaf));
    }

    /** Cells that may stand at a path, live and removed where its kind has both. */
    public static Arbitrary<Cell> cells(Path path, Arbitrary<Stamp> stamps) {
        return cells(path, stamps, values());
    }

    private static Arbitrary<Cell> cells(Path path, Arbitrary<Stamp> stamps, Arbitrary<Value> values) {
        Arbitrary<Value> numbers = values.filter(Value::isNumber);
        return switch (path.kind()) {
            case EXISTENCE -> stamps.map(Cell::live);
            case DELETION -> stamps.map(Cell::removed);
            case REGISTER, ROOT -> Arbitraries.oneOf(liveCells(stamps, values), stamps.map(Cell::removed));
            case MAP ->
                Arbitraries.oneOf(
                        liveCells(stamps, values.filter(value -> !value.isObject())), stamps.map(Cell::removed));
            case SET, MULTI, ACCESS -> Arbitraries.oneOf(stamps.map(Cell::live), stamps.map(Cell::removed));
            case COUNTER -> liveCells(stamps, numbers);
            case COUNTER_BASE ->
                Combinators.combine(stamps, numbers).as((stamp, number) -> new Cell(stamp, true, number));
        };
    }

    private static Arbitrary<Cell> liveCells(Arbitrary<Stamp> stamps, Arbitrary<Value> values) {
        return Combinators.combine(stamps, values).as(Cell::live);
    }

    /** Paths with cells that may stand there. */
    public static Arbitrary<Map.Entry<Path, Cell>> entries() {
        return paths().flatMap(path -> cells(path, stamps()).map(cell -> Map.entry(path, cell)));
    }

    /** States of documents, of any cells. */
    public static Arbitrary<DocumentState> states() {
        return states(entries(), 8);
    }

    /** States of documents whose cells meet and tie as often as can be: the same few paths, stamps and values in every combination. */
    public static Arbitrary<DocumentState> tyingStates() {
        Arbitrary<Path> paths = Arbitraries.of(
                Path.ROOT,
                Path.DELETION_BY_ANY,
                Path.existence(LOW),
                Path.deletion(LOW),
                Path.register("p"),
                Path.element("p", Value.of("x"), HIGH),
                Path.counter("p", new Stamp(1, LOW)),
                Path.counterBase("p", new Stamp(1, LOW)),
                Path.multi("p", Value.of("x"), LOW),
                Path.leaf("p", List.of("a")));
        Arbitrary<Stamp> stamps =
                Arbitraries.of(new Stamp(1, LOW), new Stamp(1, HIGH), new Stamp(-1L, LOW), new Stamp(-1L, HIGH));
        Arbitrary<Value> values = Arbitraries.of(
                Value.of(1),
                Value.of(2),
                Value.of(10),
                Value.NULL,
                Value.of("\uE000"),
                Value.of("\uD83D\uDE00"),
                Value.of(""));
        return states(paths.flatMap(path -> cells(path, stamps, values).map(cell -> Map.entry(path, cell))), 12);
    }

    /** States of documents that hold at most so many of the given cells. */
    public static Arbitrary<DocumentState> states(Arbitrary<Map.Entry<Path, Cell>> entries, int max) {
        return entries.list().ofMaxSize(max).map(cells -> {
            DocumentState state = DocumentState.empty();
            cells.forEach(cell -> state.join(cell.getKey(), cell.getValue()));
            return state;
        });
    }
}
