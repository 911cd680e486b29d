package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.watersmeet.crdt.MultiRegister.Delta;
import dev.watersmeet.crdt.laws.JoinLaws;
import dev.watersmeet.crdt.laws.ReplicatedContract;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MultiRegisterTest extends ReplicatedContract<MultiRegister<String>, Delta<String>>
        implements ReplicatedTypeAlone<MultiRegister<String>, Delta<String>> {
    private static final List<String> VALUES = List.of("open", "done", "late");

    private final MultiRegister<String> a = MultiRegister.of(clock(2000, 1));
    private final MultiRegister<String> b = MultiRegister.of(clock(1000, -1));

    private static HybridLogicalClock clock(long millis, long replica) {
        return HybridLogicalClock.of(() -> millis, new ReplicaId(replica));
    }

    @Override
    public MultiRegister<String> create(HybridLogicalClock clock) {
        return MultiRegister.of(clock);
    }

    @Override
    public MultiRegister<String> create(HybridLogicalClock clock, Delta<String> snapshot) {
        return MultiRegister.of(clock, snapshot);
    }

    @Override
    public Delta<String> change(MultiRegister<String> replica, int choice) {
        return choice % 5 == 4 ? replica.clear() : replica.assign(VALUES.get(choice % VALUES.size()));
    }

    @Override
    public Delta<String> join(Delta<String> one, Delta<String> other) {
        return one.join(other);
    }

    @Override
    public Delta<String> rebuilt(Delta<String> delta) {
        return Delta.of(delta.assignments());
    }

    @Override
    public Object shown(MultiRegister<String> replica) {
        assertThat(replica.values()).isEqualTo(replica.snapshot().values());
        assertThat(replica.value().isPresent()).isEqualTo(replica.values().size() == 1);
        return List.copyOf(replica.values());
    }

    @Override
    public boolean mergeAll(MultiRegister<String> replica, MultiRegister<String> other) {
        return replica.merge(other);
    }

    @Override
    public List<Stamp> stamps(Delta<String> delta) {
        return delta.assignments().stream().map(Assignment::stamp).toList();
    }

    @Property
    void deltasOfAnyAssignmentsObeyTheLawsOfAJoin(
            @ForAll("deltas") Delta<String> one,
            @ForAll("deltas") Delta<String> two,
            @ForAll("deltas") Delta<String> three) {
        new JoinLaws<Delta<String>>(Delta::join).assertHold(one, two, three);
        assertThat(MultiRegister.of(clock(1000, 1), one).merge(two))
                .isEqualTo(!one.join(two).equals(one));
    }

    /** Assignments that meet and tie as often as can be; a stamp names one value. */
    @Provide
    Arbitrary<Delta<String>> deltas() {
        return Combinators.combine(
                        Arbitraries.of(1L, 2L, -1L), Arbitraries.of(1L, 2L, -1L), Arbitraries.of(true, false))
                .as((time, replica, superseded) -> new Assignment<>(
                        new Stamp(time, new ReplicaId(replica)), superseded ? null : time + "/" + replica))
                .list()
                .ofMaxSize(8)
                .map(Delta::of);
    }

    @Test
    void holdsWhatWasAssignedLast() {
        assertThat(a.value()).isEmpty();
        a.assign("open");
        a.assign("done");
        assertThat(a.value()).contains("done");
        assertThat(a.values()).containsExactly("done");
        assertThat(a).hasToString("[done]");
    }

    @Test
    void concurrentAssignmentsAreAllKept() {
        b.merge(a.assign("open"));
        Delta<String> done = a.assign("done");
        Delta<String> late = b.assign("late");
        a.merge(late);
        b.merge(done);
        assertThat(a.values()).containsExactlyInAnyOrder("done", "late");
        assertThat(a.value()).isEmpty();
        assertThat(List.copyOf(b.values())).isEqualTo(List.copyOf(a.values()));
    }

    @Test
    void anAssignmentTakesThePlaceOfAllThatItHasSeen() {
        a.assign("open");
        b.assign("late");
        a.merge(b);
        b.merge(a.assign("done"));
        assertThat(b.values()).containsExactly("done");
    }

    @Test
    void anAssignmentThatSawAnotherWinsHoweverEarlyItsWritersClockIs() {
        b.merge(a.assign("open"));
        a.merge(b.assign("done"));
        assertThat(a.value()).contains("done");
    }

    @Test
    void equalValuesThatWereAssignedConcurrentlyAreOne() {
        a.assign("done");
        b.assign("done");
        a.merge(b);
        assertThat(a.value()).contains("done");
        assertThat(a.snapshot().assignments()).hasSize(2);
    }

    @Test
    void anAssignmentTellsOfAllThatItsWriterHadSeenToThoseWhoHaveNot() {
        MultiRegister<String> c = MultiRegister.of(clock(1000, 3));
        Delta<String> open = a.assign("open");
        b.merge(open);
        c.merge(b.assign("done"));
        assertThat(c.merge(open)).isFalse();
        assertThat(c.values()).containsExactly("done");
    }

    @Test
    void takingAwayIsUndoneByAConcurrentAssignmentOnly() {
        b.merge(a.assign("open"));
        Delta<String> done = a.assign("done");
        Delta<String> cleared = b.clear();
        assertThat(b.values()).isEmpty();
        b.merge(done);
        assertThat(b.value()).contains("done");
        a.merge(cleared);
        assertThat(a.value()).contains("done");
        b.merge(a.clear());
        assertThat(b.values()).isEmpty();
        assertThat(b.clear()).isEqualTo(Delta.empty());
        assertThat(b.clear().isEmpty()).isTrue();
    }

    @Test
    void thereIsOneAssignmentForEachReplicaHoweverOftenItAssigns() {
        for (int i = 0; i < 100; i++) {
            b.merge(a.assign("a" + i));
            a.merge(b.assign("b" + i));
        }
        assertThat(a.snapshot().assignments()).hasSize(2);
    }

    @Test
    void whatIsHandedOutCannotBeChanged() {
        Delta<String> delta = a.assign("open");
        Set<String> values = a.values();
        a.assign("done");
        assertThat(values).containsExactly("open").isUnmodifiable();
        assertThat(delta.values()).containsExactly("open").isUnmodifiable();
        assertThat(delta.assignments()).isUnmodifiable();
    }

    @Test
    void refusesTwoValuesOfOneStampAndMergesNothing() {
        Stamp stamp = a.assign("open").assignments().get(0).stamp();
        Delta<String> other = Delta.of(List.of(
                new Assignment<>(stamp, "done"), new Assignment<>(new Stamp(5, new ReplicaId(7)), "unrelated")));
        assertThatIllegalArgumentException().isThrownBy(() -> a.merge(other)).withMessageContaining(stamp.toString());
        assertThat(a.values()).containsExactly("open");
        assertThatIllegalArgumentException().isThrownBy(() -> a.snapshot().join(other));
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses, as callers without it might call it
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> a.assign(null));
        assertThatNullPointerException().isThrownBy(() -> MultiRegister.of(null));
        assertThat(a.snapshot().isEmpty()).isTrue();
    }
}
