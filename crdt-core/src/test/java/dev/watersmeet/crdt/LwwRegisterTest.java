package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.watersmeet.crdt.laws.JoinLaws;
import dev.watersmeet.crdt.laws.ReplicatedContract;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LwwRegisterTest extends ReplicatedContract<LwwRegister<Integer>, Assignment<Integer>>
        implements ReplicatedTypeAlone<LwwRegister<Integer>, Assignment<Integer>> {
    private final LwwRegister<String> a = LwwRegister.of(clock(2000, 1));
    private final LwwRegister<String> behind = LwwRegister.of(clock(1000, 2));

    private static HybridLogicalClock clock(long millis, long replica) {
        return HybridLogicalClock.of(() -> millis, new ReplicaId(replica));
    }

    @Override
    public LwwRegister<Integer> create(HybridLogicalClock clock) {
        return LwwRegister.of(clock);
    }

    @Override
    public LwwRegister<Integer> create(HybridLogicalClock clock, Assignment<Integer> snapshot) {
        return LwwRegister.of(clock, snapshot);
    }

    @Override
    public Assignment<Integer> change(LwwRegister<Integer> replica, int choice) {
        return choice % 4 == 0 ? replica.clear() : replica.set(choice);
    }

    @Override
    public Assignment<Integer> join(Assignment<Integer> one, Assignment<Integer> other) {
        return one.join(other);
    }

    @Override
    public Assignment<Integer> rebuilt(Assignment<Integer> delta) {
        return new Assignment<>(delta.stamp(), delta.value());
    }

    @Override
    public Object shown(LwwRegister<Integer> replica) {
        return replica.value();
    }

    @Override
    public boolean mergeAll(LwwRegister<Integer> replica, LwwRegister<Integer> other) {
        return replica.merge(other);
    }

    @Override
    public List<Stamp> stamps(Assignment<Integer> delta) {
        return List.of(delta.stamp());
    }

    @Property
    void assignmentsObeyTheLawsOfAJoin(
            @ForAll("assignments") Assignment<String> one,
            @ForAll("assignments") Assignment<String> two,
            @ForAll("assignments") Assignment<String> three) {
        new JoinLaws<Assignment<String>>(Assignment::join).assertHold(one, two, three);
    }

    /** Assignments that tie often; a stamp names one value, or none. */
    @Provide
    Arbitrary<Assignment<String>> assignments() {
        return Combinators.combine(
                        Arbitraries.of(0L, 1L, -1L), Arbitraries.of(0L, 1L, -1L), Arbitraries.of(true, false))
                .as((time, replica, removed) -> new Assignment<>(
                        new Stamp(time, new ReplicaId(replica)), removed ? null : time + "/" + replica));
    }

    @Test
    void holdsNothingAtFirst() {
        assertThat(a.value()).isEmpty();
        assertThat(a.snapshot()).isEqualTo(Assignment.none());
        assertThat(a.merge(Assignment.none())).isFalse();
        assertThat(a).hasToString("");
    }

    @Test
    void theLatestAssignmentStands() {
        behind.set("early");
        Assignment<String> late = a.set("late");
        assertThat(behind.merge(late)).isTrue();
        assertThat(a.merge(behind)).isFalse();
        assertThat(behind.value()).contains("late");
    }

    @Test
    void anEarlierAssignmentThatArrivesLateChangesNothing() {
        a.set("late");
        assertThat(a.merge(behind.set("early"))).isFalse();
        assertThat(a.value()).contains("late");
    }

    @Test
    void anAssignmentWinsOverWhatItsWriterHadSeenThoughItsClockIsBehind() {
        behind.merge(a.set("seen"));
        assertThat(a.merge(behind.set("answer"))).isTrue();
        assertThat(a.value()).contains("answer");
    }

    @Test
    void takingTheValueAwayIsAnAssignment() {
        behind.merge(a.set("milk"));
        a.merge(behind.clear());
        assertThat(a.value()).isEmpty();
        a.set("eggs");
        assertThat(a).hasToString("eggs");
    }

    @Test
    void refusesTwoValuesOfOneStamp() {
        Assignment<String> one = a.set("one");
        Assignment<String> other = new Assignment<>(one.stamp(), "other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.merge(other))
                .withMessageContaining(one.stamp().toString())
                .withMessageContainingAll("one", "other");
        assertThat(a.value()).contains("one");
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses, as callers without it might call it
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> a.set(null));
        assertThatNullPointerException().isThrownBy(() -> new Assignment<>(null, "milk"));
    }
}
