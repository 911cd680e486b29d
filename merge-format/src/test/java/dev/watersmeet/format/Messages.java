package dev.watersmeet.format;

import static dev.watersmeet.crdt.laws.CrdtArbitraries.replicas;
import static dev.watersmeet.crdt.laws.CrdtArbitraries.stamps;
import static dev.watersmeet.crdt.laws.CrdtArbitraries.strings;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.crdt.laws.CrdtArbitraries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random messages of the merge format. */
final class Messages {
    private static final char FIRST_SURROGATE = '\ud800';
    private static final char LAST_SURROGATE = '\udfff';

    private Messages() {}

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
                        case 2 -> Map.entry(Path.counterBase("n", stamp), new Cell(stamp, true, Value.of(time)));
                        case 3 -> Map.entry(Path.multi("m", Value.of(field), replica), Cell.live(stamp));
                        default -> Map.entry(Path.existence(replica), Cell.live(stamp));
                    };
                });
    }

    private static Arbitrary<DocumentState> states() {
        return CrdtArbitraries.states(Arbitraries.oneOf(CrdtArbitraries.entries(), ofOneWriter()), 8);
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
        return Combinators.combine(
                        documents(), Arbitraries.integers().between(0, 4), strings(), Arbitraries.of(true, false))
                .flatAs((documents, split, cursor, more) -> {
                    List<DocumentCells> cells = documents.subList(0, Math.min(split, documents.size()));
                    Set<DocumentId> names = names(cells);
                    List<DocumentId> withdrawn = List.copyOf(names(documents.subList(cells.size(), documents.size())));
                    return Arbitraries.of(
                            new Page(cells, cursor, more),
                            new Page(cells, names, List.of(), withdrawn, cursor, more),
                            new Page(List.of(), Set.of(), cells, withdrawn, cursor, more));
                });
    }

    private static Set<DocumentId> names(List<DocumentCells> documents) {
        return documents.stream().map(DocumentCells::id).collect(Collectors.toSet());
    }

    private static Arbitrary<Long> integers() {
        return Arbitraries.longs().between(1, (1L << 53) - 1);
    }

    private static Arbitrary<String> nonces() {
        return stamps().map(Stamp::toString); // 128 bits in 26 characters, both
    }

    static Arbitrary<PushOutcome> outcomes() {
        Arbitrary<Rejection> rejections = Combinators.combine(
                        ids(),
                        Arbitraries.of(RejectionCode.class).filter(code -> code != RejectionCode.OTHER),
                        strings())
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
        return Combinators.combine(
                        integers(),
                        outcomes().injectNull(0.3),
                        pages().injectNull(0.3),
                        strings().injectNull(0.3))
                .as(SyncAnswer::new);
    }

    static Arbitrary<SnapshotPage> snapshots() {
        return Combinators.combine(
                        integers(),
                        documents(),
                        strings().injectNull(0.3),
                        strings(),
                        integers(),
                        outcomes().injectNull(0.3),
                        strings().injectNull(0.3))
                .as(SnapshotPage::new);
    }

    static Arbitrary<Problem> problems() {
        return Combinators.combine(
                        Arbitraries.of(ProblemCode.class), strings(), outcomes().injectNull(0.3))
                .flatAs((code, detail, last) ->
                        Arbitraries.of(new Problem(code, detail, last), Problem.of(code, detail)));
    }
}
