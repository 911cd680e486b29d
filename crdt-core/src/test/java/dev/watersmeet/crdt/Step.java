package dev.watersmeet.crdt;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** One step of a generated history. Numbers are taken modulo what there is to choose from, so that every list of steps is a history and shrinks to one. */
sealed interface Step {
    /** A replica begins to fill in a form: it keeps the record that it shows now, for a later {@link Write} that is stale. */
    record Open(int peer) implements Step {}

    /** A replica writes; a stale write starts from the record that the replica kept. */
    record Write(int peer, Change change, boolean stale) implements Step {}

    /** A replica is handed the delta of an edit that it may have by now. Deltas that nobody is handed are lost until the end. */
    record Deliver(int peer, int pick) implements Step {}

    /** A replica is handed all that another one has. */
    record Merge(int peer, int other) implements Step {}

    /** What an application does to a record. */
    record Change(Act act, int choice) {}

    /** The kinds of changes. */
    enum Act {
        ASSIGN,
        TAKE_AWAY,
        ADD,
        REMOVE,
        COUNT,
        ASSIGN_MULTI,
        PUT_CONFLICT,
        TAKE_MULTI_AWAY,
        PUT_LEAF,
        PUT_OTHER_LEAF,
        TAKE_LEAF_AWAY,
        SWITCH_ON,
        SWITCH_OFF,
        WRITE_LOCALLY,
        PUT_AS_IT_IS,
        PUT_ROOT,
        DELETE
    }

    static Arbitrary<Step> any() {
        Arbitrary<Integer> peers = Arbitraries.integers().between(0, History.MAX_PEERS - 1);
        Arbitrary<Integer> picks = Arbitraries.integers().between(0, 30);
        Arbitrary<Change> changes =
                Combinators.combine(Arbitraries.of(Act.class), picks).as(Change::new);
        Arbitrary<Boolean> stale = Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true));
        return Arbitraries.frequencyOf(
                Tuple.of(1, peers.map(Open::new)),
                Tuple.of(6, Combinators.combine(peers, changes, stale).as(Write::new)),
                Tuple.of(5, Combinators.combine(peers, picks).as(Deliver::new)),
                Tuple.of(1, Combinators.combine(peers, peers).as(Merge::new)));
    }
}
