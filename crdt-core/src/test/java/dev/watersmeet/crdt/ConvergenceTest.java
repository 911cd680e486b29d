package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.laws.CrdtArbitraries;
import dev.watersmeet.crdt.laws.JoinLaws;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
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

    @Provide
    Arbitrary<DocumentState> states() {
        return CrdtArbitraries.tyingStates();
    }
}
