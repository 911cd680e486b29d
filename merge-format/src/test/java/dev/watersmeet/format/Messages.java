package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Random messages of the merge format. */
final class Messages {
    private static final char FIRST_SURROGATE = '\ud800';
    private static final char LAST_SURROGATE = '\udfff';

    private Messages() {}

    /** Strings with everything that is hard to write: controls, quotes, pairs and halves of surrogates. */
    static Arbitrary<String> strings() {
        return Arbitraries.strings()
                .ascii()
                .all()
                .withCharRange(FIRST_SURROGATE, LAST_SURROGATE)
                .withChars("__proto__\u2028\u2029\ufeff😀")
                .ofMaxLength(12);
    }

    static Arbitrary<Value> values() {
        Arbitrary<@Nullable Object> scalars = Arbitraries.oneOf(
                Arbitraries.doubles().map(number -> (Object) number),
                Arbitraries.integers().map(number -> (Object) number),
                strings().map(text -> (Object) text),
                Arbitraries.of(true, false).map(flag -> (Object) flag),
                Arbitraries.just(null));
        return Arbitraries.<@Nullable Object>lazyOf(
                        () -> scalars,
                        () -> scalars,
                        () -> scalars, // more often than not, or the trees have no end
                        () -> values().list().ofMaxSize(3).map(list -> (Object) list),
                        () -> Arbitraries.maps(strings(), values()).ofMaxSize(3).map(map -> (Object) map))
                .map(Value::of)
                .withoutEdgeCases(); // those of nested lists multiply until the heap is full
    }

    static Arbitrary<ReplicaId> replicas() {
        return Arbitraries.longs().map(ReplicaId::new);
    }

    private static Arbitrary<Stamp> stamps() {
        return Combinators.combine(Arbitraries.longs(), replicas()).as(Stamp::new);
    }

    /** Existences, deletions and roots, of any replicas. */
    private static Arbitrary<Map.Entry<Path, Cell>> withoutField() {
        return Combinators.combine(replicas(), stamps(), Arbitraries.integers().between(0, 3))
                .as((replica, stamp, kind) -> switch (kind) {
                    case 0 -> Map.entry(Path.existence(replica), Cell.live(stamp));
                    case 1 -> Map.entry(Path.deletion(replica), Cell.removed(stamp));
                    case 2 -> Map.entry(Path.DELETION_BY_ANY, Cell.removed(stamp));
                    default -> Map.entry(Path.ROOT, Cell.live(stamp, Value.of(kind)));
                });
    }

    /** Cells of two replicas' few edits, so that stamps and paths meet again, and existences are implied. */
    private static Arbitrary<Map.Entry<Path, Cell>> ofOneWriter() {
        return Combinators.combine(
                        Arbitraries.of(1L, 2L).map(ReplicaId::new),
                        Arbitraries.longs().between(1, 3),
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.integers().between(0, 5))
                .as((replica, time, field, kind) -> {
                    Stamp stamp = new Stamp(time, replica);
                    return switch (kind) {
                        case 0 -> Map.entry(Path.register(field), Cell.live(stamp, Value.of(time)));
                        case 1 -> Map.entry(Path.element("tags", Value.of(field), replica), Cell.removed(stamp));
                        case 2 -> Map.entry(Path.counterBase("n", replica), new Cell(stamp, true, Value.of(time)));
                        case 3 -> Map.entry(Path.multi("m", Value.of(field), replica), Cell.live(stamp));
                        default -> Map.entry(Path.existence(replica), Cell.live(stamp));
                    };
                });
    }

    private static Arbitrary<DocumentState> states() {
        Arbitrary<Map.Entry<Path, Cell>> registers = Combinators.combine(strings(), stamps(), values())
                .as((field, stamp, value) -> Map.entry(Path.register(field), Cell.live(stamp, value)));
        Arbitrary<Map.Entry<Path, Cell>> removals = Combinators.combine(strings(), stamps())
                .as((field, stamp) -> Map.entry(Path.register(field), Cell.removed(stamp)));
        Arbitrary<Map.Entry<Path, Cell>> elements = Combinators.combine(strings(), values(), replicas(), stamps())
                .filter((field, value, replica, stamp) -> value.bytes() <= Path.MAX_SEGMENT_BYTES)
                .as((field, value, replica, stamp) -> Map.entry(Path.element(field, value, replica), Cell.live(stamp)));
        Arbitrary<Map.Entry<Path, Cell>> counters = Combinators.combine(
                        strings(), replicas(), stamps(), Arbitraries.doubles())
                .as((field, replica, stamp, number) ->
                        Map.entry(Path.counter(field, replica), Cell.live(stamp, Value.of(number))));
        Arbitrary<Map.Entry<Path, Cell>> leaves = Combinators.combine(
                        strings(), strings().list().ofMinSize(1).ofMaxSize(3), stamps(), strings())
                .as((field, way, stamp, value) -> Map.entry(Path.leaf(field, way), Cell.live(stamp, Value.of(value))));
        return Arbitraries.oneOf(registers, removals, elements, counters, leaves, withoutField(), ofOneWriter())
                .list()
                .ofMaxSize(8)
                .map(cells -> {
                    DocumentState state = DocumentState.empty();
                    cells.forEach(cell -> state.join(cell.getKey(), cell.getValue()));
                    return state;
                });
    }

    private static Arbitrary<DocumentId> ids() {
        Arbitrary<String> collections = Arbitraries.strings()
                .alpha()
                .withChars("ü😀_")
                .ofMinLength(1)
                .ofMaxLength(5)
                .filter(Messages::paired);
        return Combinators.combine(collections, strings()).as(DocumentId::of);
    }

    private static boolean paired(String text) {
        return text.codePoints().noneMatch(point -> point >= FIRST_SURROGATE && point <= LAST_SURROGATE);
    }

    static Arbitrary<List<DocumentCells>> documents() {
        return Combinators.combine(ids(), states())
                .as(DocumentCells::new)
                .list()
                .ofMaxSize(4)
                .map(documents -> {
                    Map<DocumentId, DocumentCells> once = new LinkedHashMap<>();
                    documents.forEach(document -> once.put(document.id(), document));
                    return new ArrayList<>(once.values());
                });
    }

    static Arbitrary<Page> pages() {
        return Combinators.combine(documents(), strings(), Arbitraries.of(true, false))
                .as(Page::new);
    }

    private static Arbitrary<Long> integers() {
        return Arbitraries.longs().between(1, (1L << 53) - 1);
    }

    private static Arbitrary<String> nonces() {
        return stamps().map(Stamp::toString); // 128 bits in 26 characters, both
    }

    static Arbitrary<PushOutcome> outcomes() {
        Arbitrary<Rejection> rejections = Combinators.combine(ids(), Arbitraries.of(RejectionCode.class), strings())
                .as(Rejection::new);
        return Combinators.combine(integers(), nonces(), rejections.list().ofMaxSize(3))
                .as(PushOutcome::new);
    }

    static Arbitrary<SyncRequest> requests() {
        Arbitrary<Push> pushes = Combinators.combine(
                        integers(), nonces(), nonces().injectNull(0.3), documents(), Arbitraries.of(true, false))
                .as((number, nonce, after, documents, whole) ->
                        new Push(number, nonce, after, pushed(documents, whole)));
        return Combinators.combine(
                        replicas(), strings().injectNull(0.3), Arbitraries.of(true, false), pushes.injectNull(0.2))
                .as(SyncRequest::new);
    }

    private static List<PushedDocument> pushed(List<DocumentCells> documents, boolean whole) {
        List<PushedDocument> pushed = new ArrayList<>();
        documents.forEach(document -> pushed.add(new PushedDocument.Readable(document, whole)));
        return pushed;
    }

    static Arbitrary<SyncAnswer> answers() {
        return Combinators.combine(integers(), outcomes().injectNull(0.3), pages().injectNull(0.3))
                .as(SyncAnswer::new);
    }

    static Arbitrary<SnapshotPage> snapshots() {
        return Combinators.combine(
                        integers(),
                        documents(),
                        strings().injectNull(0.3),
                        strings(),
                        integers(),
                        outcomes().injectNull(0.3))
                .as(SnapshotPage::new);
    }

    static Arbitrary<Problem> problems() {
        return Combinators.combine(
                        Arbitraries.of(ProblemCode.class), strings(), outcomes().injectNull(0.3))
                .flatAs((code, detail, last) ->
                        Arbitraries.of(new Problem(code, detail, last), Problem.of(code, detail)));
    }
}
