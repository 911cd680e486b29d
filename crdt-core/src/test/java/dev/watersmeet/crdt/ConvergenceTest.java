package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Merge is a join, for the states that histories lead to and for any others (M-8, M-9). */
class ConvergenceTest {
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void theStatesOfReplicasObeyTheLawsOfAJoin(@ForAll("steps") List<Step> steps, @ForAll History.Order order) {
        History history = History.run(steps, order);
        List<DocumentState> states =
                history.peers.stream().map(peer -> peer.state).toList();
        JoinLaws.OF_DOCUMENTS.assertHold(states.get(0), states.get(1), states.get(2));
        JoinLaws.OF_DOCUMENTS.assertHold(states.get(3), states.get(1), states.get(0));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void theDeltasOfEditsObeyTheLawsOfAJoin(@ForAll("steps") List<Step> steps, @ForAll Random random) {
        List<Event> events = History.run(steps, History.Order.NONE).events;
        if (!events.isEmpty()) {
            JoinLaws.OF_DOCUMENTS.assertHold(any(events, random), any(events, random), any(events, random));
        }
    }

    private static DocumentState any(List<Event> events, Random random) {
        return events.get(random.nextInt(events.size())).delta();
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void statesOfAnyCellsObeyTheLawsOfAJoin(
            @ForAll("states") DocumentState a, @ForAll("states") DocumentState b, @ForAll("states") DocumentState c) {
        JoinLaws.OF_DOCUMENTS.assertHold(a, b, c);
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void replicasThatHaveHeardOfEverythingShowTheSame(
            @ForAll("steps") List<Step> steps, @ForAll History.Order order, @ForAll Random random) {
        History history = History.run(steps, order);
        history.deliverAll(random);
        Peer first = history.peers.get(0);
        for (Peer peer : history.peers) {
            assertThat(peer.state).isEqualTo(first.state);
            assertThat(peer.record()).isEqualTo(first.record());
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void deltasLeadToTheSameAsStates(
            @ForAll("steps") List<Step> steps, @ForAll History.Order order, @ForAll Random random) {
        History history = History.run(steps, order);
        DocumentState byStates = DocumentState.empty();
        history.peers.forEach(peer -> byStates.join(peer.state));
        DocumentState byDeltas = DocumentState.empty();
        history.events.forEach(event -> byDeltas.join(event.delta()));
        assertThat(byDeltas).isEqualTo(byStates);
        history.deliverAll(random);
        assertThat(history.peers).allSatisfy(peer -> assertThat(peer.state).isEqualTo(byStates));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void whatIsDeliveredAgainChangesNothing(@ForAll("steps") List<Step> steps) {
        History history = History.run(steps, History.Order.NONE);
        for (Peer peer : history.peers) {
            assertThat(peer.seen).allSatisfy(number -> assertThat(
                            peer.state.join(history.events.get(number).delta()))
                    .isFalse());
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void joiningTellsWhetherAnythingChanged(
            @ForAll("states") DocumentState state, @ForAll("states") DocumentState other) {
        DocumentState before = state.copy();
        assertThat(state.join(other)).isEqualTo(!state.equals(before));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return History.steps();
    }

    /** States of cells that tie as often as can be: the same few paths, stamps and values in every combination. */
    @Provide
    Arbitrary<DocumentState> states() {
        ReplicaId low = new ReplicaId(1);
        ReplicaId high = new ReplicaId(-1);
        Arbitrary<Path> paths = Arbitraries.of(
                Path.ROOT,
                Path.DELETION_BY_ANY,
                Path.existence(low),
                Path.deletion(low),
                Path.register("p"),
                Path.element("p", Value.of("x"), high),
                Path.counter("p", low),
                Path.counterBase("p", low),
                Path.multi("p", Value.of("x"), low),
                Path.leaf("p", List.of("a")));
        Arbitrary<Stamp> stamps =
                Arbitraries.of(new Stamp(1, low), new Stamp(1, high), new Stamp(-1L, low), new Stamp(-1L, high));
        Arbitrary<Value> numbers = Arbitraries.of(Value.of(1), Value.of(2), Value.of(10));
        Arbitrary<Value> values = Arbitraries.oneOf(
                numbers, Arbitraries.of(Value.NULL, Value.of("\uE000"), Value.of("\uD83D\uDE00"), Value.of("")));
        return Combinators.combine(paths, stamps, Arbitraries.of(true, false), values, numbers)
                .as(ConvergenceTest::state)
                .list()
                .ofMaxSize(12)
                .map(parts -> {
                    DocumentState state = DocumentState.empty();
                    parts.forEach(state::join);
                    return state;
                });
    }

    private static DocumentState state(Path path, Stamp stamp, boolean removed, Value value, Value number) {
        DocumentState state = DocumentState.empty();
        state.join(
                path,
                switch (path.kind()) {
                    case EXISTENCE -> Cell.live(stamp);
                    case DELETION -> Cell.removed(stamp);
                    case REGISTER, ROOT -> removed ? Cell.removed(stamp) : Cell.live(stamp, value);
                    case MAP -> removed ? Cell.removed(stamp) : Cell.live(stamp, value);
                    case SET, MULTI -> new Cell(stamp, removed, null);
                    case COUNTER -> Cell.live(stamp, number);
                    case COUNTER_BASE -> new Cell(stamp, true, number);
                });
        return state;
    }
}
