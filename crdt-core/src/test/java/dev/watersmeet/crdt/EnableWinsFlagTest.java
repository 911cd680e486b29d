package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.watersmeet.crdt.EnableWinsFlag.Delta;
import dev.watersmeet.crdt.EnableWinsFlag.Enabling;
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

class EnableWinsFlagTest extends ReplicatedContract<EnableWinsFlag, Delta>
        implements ReplicatedTypeAlone<EnableWinsFlag, Delta> {
    private final EnableWinsFlag a = EnableWinsFlag.of(clock(1));
    private final EnableWinsFlag b = EnableWinsFlag.of(clock(-1));

    private static HybridLogicalClock clock(long replica) {
        return HybridLogicalClock.of(() -> 1000, new ReplicaId(replica));
    }

    @Override
    public EnableWinsFlag create(HybridLogicalClock clock) {
        return EnableWinsFlag.of(clock);
    }

    @Override
    public EnableWinsFlag create(HybridLogicalClock clock, Delta snapshot) {
        return EnableWinsFlag.of(clock, snapshot);
    }

    @Override
    public Delta change(EnableWinsFlag replica, int choice) {
        return choice % 2 == 0 ? replica.enable() : replica.disable();
    }

    @Override
    public Delta join(Delta one, Delta other) {
        return one.join(other);
    }

    @Override
    public Delta rebuilt(Delta delta) {
        return Delta.of(delta.enablings());
    }

    @Override
    public Object shown(EnableWinsFlag replica) {
        assertThat(replica.snapshot().isEnabled()).isEqualTo(replica.isEnabled());
        return replica.isEnabled();
    }

    @Override
    public boolean mergeAll(EnableWinsFlag replica, EnableWinsFlag other) {
        return replica.merge(other);
    }

    @Override
    public List<Stamp> stamps(Delta delta) {
        return delta.enablings().stream().map(Enabling::stamp).toList();
    }

    @Property
    void deltasOfAnyEnablingsObeyTheLawsOfAJoin(
            @ForAll("deltas") Delta one, @ForAll("deltas") Delta two, @ForAll("deltas") Delta three) {
        new JoinLaws<Delta>(Delta::join).assertHold(one, two, three);
        assertThat(EnableWinsFlag.of(clock(1), one).merge(two))
                .isEqualTo(!one.join(two).equals(one));
    }

    /** Enablings that meet and tie as often as can be. */
    @Provide
    Arbitrary<Delta> deltas() {
        return Combinators.combine(
                        Arbitraries.of(1L, 2L, -1L), Arbitraries.of(1L, 2L, -1L), Arbitraries.of(true, false))
                .as((time, replica, disabled) -> new Enabling(new Stamp(time, new ReplicaId(replica)), disabled))
                .list()
                .ofMaxSize(8)
                .map(Delta::of);
    }

    @Test
    void isOffUntilItIsEnabledAndAgainWhenItIsDisabled() {
        assertThat(a.isEnabled()).isFalse();
        a.enable();
        assertThat(a.isEnabled()).isTrue();
        assertThat(a).hasToString("true");
        a.disable();
        assertThat(a.isEnabled()).isFalse();
    }

    @Test
    void enablingWinsOverAConcurrentDisabling() {
        b.merge(a.enable());
        Delta disabling = b.disable();
        Delta renewal = a.enable();
        a.merge(disabling);
        b.merge(renewal);
        assertThat(a.isEnabled()).isTrue();
        assertThat(b.isEnabled()).isTrue();
    }

    @Test
    void disablingUndoesTheEnablingsOfEveryReplicaThatItSaw() {
        a.enable();
        b.enable();
        a.merge(b);
        b.merge(a.disable());
        assertThat(b.isEnabled()).isFalse();
        assertThat(b.snapshot().enablings()).hasSize(2).allMatch(Enabling::disabled);
    }

    @Test
    void aDisablingThatOvertakesItsEnablingStillDisables() {
        Delta enabling = a.enable();
        b.merge(a.disable());
        assertThat(b.merge(enabling)).isFalse();
        assertThat(b.isEnabled()).isFalse();
    }

    @Test
    void disablingWhatIsOffIsNoChange() {
        assertThat(a.disable()).isEqualTo(Delta.empty());
        a.enable();
        a.disable();
        assertThat(a.disable().isEmpty()).isTrue();
    }

    @Test
    void thereIsOneEnablingForEachReplicaHoweverOftenItEnables() {
        for (int i = 0; i < 100; i++) {
            b.merge(a.enable());
            b.merge(b.enable());
            a.merge(b.disable());
        }
        assertThat(a.snapshot().enablings()).hasSize(2);
    }

    @Test
    void aDeltaStaysAsItIs() {
        Delta delta = a.enable();
        a.disable();
        assertThat(delta.isEnabled()).isTrue();
        assertThat(delta.enablings()).isUnmodifiable();
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses, as callers without it might call it
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> EnableWinsFlag.of(null));
        assertThatNullPointerException().isThrownBy(() -> new Enabling(null, false));
    }
}
