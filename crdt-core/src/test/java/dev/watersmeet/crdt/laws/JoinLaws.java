package dev.watersmeet.crdt.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentState;
import java.util.function.BinaryOperator;

/**
 * The laws of a join semilattice, to be asserted of any states. They are compared by {@code equals}.
 *
 * @param join joins two states into a third, and leaves both as they are
 * @param <S> the states
 */
public record JoinLaws<S>(BinaryOperator<S> join) {
    /** The merge of documents (M-9). */
    public static final JoinLaws<DocumentState> OF_DOCUMENTS = new JoinLaws<>((one, other) -> {
        DocumentState joined = one.copy();
        joined.join(other);
        return joined;
    });

    /** Asserts that the order, the grouping and the number of joins do not matter. */
    public void assertHold(S a, S b, S c) {
        assertThat(join(a, b)).as("commutative").isEqualTo(join(b, a));
        assertThat(join(join(a, b), c)).as("associative").isEqualTo(join(a, join(b, c)));
        assertThat(join(a, a)).as("idempotent").isEqualTo(a);
        assertThat(join(join(a, b), b)).as("absorbs what it holds").isEqualTo(join(a, b));
    }

    private S join(S one, S other) {
        return join.apply(one, other);
    }
}
