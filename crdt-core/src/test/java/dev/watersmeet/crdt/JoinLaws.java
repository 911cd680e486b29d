package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BinaryOperator;

/**
 * The laws of a join semilattice, to be asserted of any states.
 *
 * @param join joins two states into a third, and leaves both as they are
 */
record JoinLaws<S>(BinaryOperator<S> join) {
    /** The merge of documents (M-9). */
    static final JoinLaws<DocumentState> OF_DOCUMENTS = new JoinLaws<>((one, other) -> {
        DocumentState joined = one.copy();
        joined.join(other);
        return joined;
    });

    /** Asserts that the order, the grouping and the number of joins do not matter. */
    void assertHold(S a, S b, S c) {
        assertThat(join(a, b)).as("commutative").isEqualTo(join(b, a));
        assertThat(join(join(a, b), c)).as("associative").isEqualTo(join(a, join(b, c)));
        assertThat(join(a, a)).as("idempotent").isEqualTo(a);
        assertThat(join(join(a, b), b)).as("absorbs what it holds").isEqualTo(join(a, b));
    }

    S join(S one, S other) {
        return join.apply(one, other);
    }
}
