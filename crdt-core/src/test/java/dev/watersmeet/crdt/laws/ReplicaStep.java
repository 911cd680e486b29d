package dev.watersmeet.crdt.laws;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** One step of a history of {@value #REPLICAS} replicas. Numbers are taken modulo what there is to choose from, so that every list of steps is a history and shrinks to one. */
public sealed interface ReplicaStep {
    /** How many replicas a history has. */
    int REPLICAS = 4;

    /** The greatest {@link Change#choice}. */
    int MAX_CHOICE = 30;

    /** A replica makes one of the changes that its type offers. */
    record Change(int replica, int choice) implements ReplicaStep {}

    /** A replica is handed the delta of a change that it may have by now. Deltas that nobody is handed are late or lost. */
    record Deliver(int replica, int pick) implements ReplicaStep {}

    /** A replica is handed all that another one has. */
    record Merge(int replica, int other) implements ReplicaStep {}

    /** A replica stops, and goes on from what it had stored. */
    record Restart(int replica) implements ReplicaStep {}

    /** Histories. */
    static Arbitrary<List<ReplicaStep>> histories() {
        Arbitrary<Integer> replicas = Arbitraries.integers().between(0, REPLICAS - 1);
        Arbitrary<Integer> picks = Arbitraries.integers().between(0, MAX_CHOICE);
        Arbitrary<ReplicaStep> steps = Arbitraries.frequencyOf(
                Tuple.of(1, replicas.map(Restart::new)),
                Tuple.of(6, Combinators.combine(replicas, picks).as(Change::new)),
                Tuple.of(5, Combinators.combine(replicas, picks).as(Deliver::new)),
                Tuple.of(1, Combinators.combine(replicas, replicas).as(Merge::new)));
        return steps.list().ofMaxSize(40);
    }
}
