package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.watersmeet.crdt.PnCounter.Delta;
import dev.watersmeet.crdt.PnCounter.Total;
import dev.watersmeet.crdt.laws.JoinLaws;
import dev.watersmeet.crdt.laws.ReplicatedContract;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PnCounterTest extends ReplicatedContract<PnCounter, Delta> implements ReplicatedTypeAlone<PnCounter, Delta> {
    private final PnCounter a = PnCounter.of(clock(1));
    private final PnCounter b = PnCounter.of(clock(-1));

    private static HybridLogicalClock clock(long replica) {
        return HybridLogicalClock.of(() -> 1000, new ReplicaId(replica));
    }

    @Override
    public PnCounter create(HybridLogicalClock clock) {
        return PnCounter.of(clock);
    }

    @Override
    public PnCounter create(HybridLogicalClock clock, Delta snapshot) {
        return PnCounter.of(clock, snapshot);
    }

    @Override
    public Delta change(PnCounter replica, int choice) {
        return switch (choice) {
            case 0 -> replica.increment();
            case 1 -> replica.decrement();
            default -> replica.add(choice - 12);
        };
    }

    @Override
    public Delta join(Delta one, Delta other) {
        return one.join(other);
    }

    @Override
    public Delta rebuilt(Delta delta) {
        return Delta.of(delta.totals());
    }

    @Override
    public Object shown(PnCounter replica) {
        assertThat(replica.snapshot().totals().stream().mapToLong(Total::amount).sum())
                .isEqualTo(replica.value());
        return replica.value();
    }

    @Override
    public boolean mergeAll(PnCounter replica, PnCounter other) {
        return replica.merge(other);
    }

    @Override
    public List<Stamp> stamps(Delta delta) {
        return delta.totals().stream().map(Total::stamp).toList();
    }

    @Property
    void deltasOfAnyTotalsObeyTheLawsOfAJoin(
            @ForAll("totals") Delta one, @ForAll("totals") Delta two, @ForAll("totals") Delta three) {
        new JoinLaws<Delta>(Delta::join).assertHold(one, two, three);
        assertThat(PnCounter.of(clock(1), one).merge(two))
                .isEqualTo(!one.join(two).equals(one));
    }

    /** Totals that tie as often as can be. */
    @Provide
    Arbitrary<Delta> totals() {
        return Combinators.combine(
                        Arbitraries.of(1L, 2L, -1L), Arbitraries.of(1L, 2L, -1L), Arbitraries.of(-1L, 0L, 5L))
                .as((time, replica, amount) -> new Total(new Stamp(time, new ReplicaId(replica)), amount))
                .list()
                .ofMaxSize(8)
                .map(Delta::of);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void everyAdditionCountsOnceHoweverOftenItIsHeardOf(@ForAll List<Integer> numbers, @ForAll Random random) {
        List<PnCounter> counters = List.of(PnCounter.of(clock(1)), PnCounter.of(clock(-1)));
        long sum = 0;
        for (int number : numbers) {
            int writer = random.nextInt(2);
            Delta delta = counters.get(writer).add(number);
            if (random.nextBoolean()) {
                counters.get(1 - writer).merge(delta);
                counters.get(1 - writer).merge(delta);
            }
            sum += number;
        }
        counters.get(0).merge(counters.get(1));
        assertThat(counters.get(0).value()).isEqualTo(sum);
    }

    @Test
    void concurrentChangesAllCount() {
        a.add(5);
        a.decrement();
        b.increment();
        a.merge(b);
        b.merge(a);
        assertThat(a.value()).isEqualTo(5);
        assertThat(b.value()).isEqualTo(5);
        assertThat(a).hasToString("5");
    }

    @Test
    void aDeltaSaysWhatItsReplicaHasAddedUpTo() {
        a.add(5);
        Delta delta = a.add(-7);
        assertThat(delta.totals()).containsExactly(new Total(new Stamp((1000L << 16) + 1, new ReplicaId(1)), -2));
        assertThat(b.merge(delta)).isTrue();
        assertThat(b.value()).isEqualTo(-2);
    }

    @Test
    void anEarlierTotalThatArrivesLateChangesNothing() {
        Delta early = a.add(5);
        b.merge(a.add(-7));
        assertThat(b.merge(early)).isFalse();
        assertThat(b.value()).isEqualTo(-2);
    }

    @Test
    void goesOnFromItsSnapshot() {
        a.add(5);
        b.add(3);
        a.merge(b);
        PnCounter restarted = PnCounter.of(clock(1), a.snapshot());
        b.merge(restarted.add(1));
        assertThat(b.value()).isEqualTo(9);
    }

    @Test
    void isRightWhereverTheSumFitsThoughATotalWrapsAround() {
        a.add(Long.MAX_VALUE);
        a.add(1);
        b.add(-2);
        a.merge(b);
        assertThat(a.value()).isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    void isZeroWithoutChanges() {
        assertThat(a.value()).isZero();
        assertThat(a.snapshot()).isEqualTo(Delta.empty());
        assertThat(a.snapshot().isEmpty()).isTrue();
        assertThat(a.add(0).isEmpty()).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses, as callers without it might call it
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> PnCounter.of(null));
        assertThatNullPointerException().isThrownBy(() -> new Total(null, 1));
    }
}
