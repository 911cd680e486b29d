package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What every {@link Replicated} type keeps to, whatever its replicas live through: deltas that come late, twice, in another order or never, merges of all that another replica has, restarts,
 * and clocks that disagree.
 */
abstract class ReplicatedContract<T extends Replicated<D>, D> {
    private static final long START = 1_700_000_000_000L;

    private long millis = START;

    abstract T create(HybridLogicalClock clock);

    abstract T create(HybridLogicalClock clock, D snapshot);

    /** Makes one of the changes that the type offers. */
    abstract D change(T replica, int choice);

    abstract D join(D one, D other);

    /** The same delta, made of what it shows of itself. */
    abstract D rebuilt(D delta);

    /** All that an application can see. */
    abstract Object shown(T replica);

    abstract boolean mergeAll(T replica, T other);

    /** The replicas after a history, and the delta of each change. */
    final class Run {
        final List<HybridLogicalClock> clocks = new ArrayList<>();
        final List<T> replicas = new ArrayList<>();
        final List<D> deltas = new ArrayList<>();

        Run(List<Step> steps) {
            for (int i = 0; i < History.MAX_PEERS; i++) {
                clocks.add(clock(i % 2 == 0 ? i + 1 : -i, i * 3L));
                replicas.add(create(clocks.get(i)));
            }
            steps.forEach(this::take);
        }

        private void take(Step step) {
            millis++;
            if (step instanceof Step.Write write) {
                deltas.add(changed(replicas.get(write.peer()), write.change().choice()));
            } else if (step instanceof Step.Open restart) {
                D stored = replicas.get(restart.peer()).snapshot();
                replicas.set(restart.peer(), create(clocks.get(restart.peer()), stored));
            } else if (step instanceof Step.Deliver deliver && !deltas.isEmpty()) {
                merged(replicas.get(deliver.peer()), deltas.get(deliver.pick() % deltas.size()));
            } else if (step instanceof Step.Merge merge) {
                mergeAll(replicas.get(merge.peer()), replicas.get(merge.other()));
            }
        }

        private D changed(T replica, int choice) {
            D before = replica.snapshot();
            D copy = rebuilt(before);
            D delta = change(replica, choice);
            assertThat(before).as("a snapshot stays as it is").isEqualTo(copy);
            assertThat(join(before, delta)).as("a delta says what changed").isEqualTo(replica.snapshot());
            return delta;
        }

        private void merged(T replica, D delta) {
            D before = replica.snapshot();
            D copy = rebuilt(before);
            boolean changed = replica.merge(delta);
            assertThat(before).as("a snapshot stays as it is").isEqualTo(copy);
            assertThat(changed).isEqualTo(!replica.snapshot().equals(before));
            assertThat(replica.snapshot()).isEqualTo(join(before, delta));
        }

        D all() {
            return replicas.stream()
                    .map(Replicated::snapshot)
                    .reduce(ReplicatedContract.this::join)
                    .orElseThrow();
        }
    }

    private HybridLogicalClock clock(long replica, long ahead) {
        return HybridLogicalClock.of(() -> millis / 2 + ahead, new ReplicaId(replica));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void snapshotsAndDeltasObeyTheLawsOfAJoin(@ForAll("steps") List<Step> steps, @ForAll Random random) {
        Run run = new Run(steps);
        List<D> states = new ArrayList<>(run.deltas);
        run.replicas.forEach(replica -> states.add(replica.snapshot()));
        Collections.shuffle(states, random);
        new JoinLaws<D>(this::join).assertHold(states.get(0), states.get(1), states.get(2));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void deltasLeadToTheSameAsSnapshotsInAnyOrder(@ForAll("steps") List<Step> steps, @ForAll Random random) {
        Run run = new Run(steps);
        D all = run.all();
        for (T replica : run.replicas) {
            List<D> deltas = new ArrayList<>(run.deltas);
            run.deltas.stream().filter(delta -> random.nextInt(4) == 0).forEach(deltas::add);
            Collections.shuffle(deltas, random);
            deltas.forEach(replica::merge);
            assertThat(replica.snapshot()).isEqualTo(all).hasSameHashCodeAs(all);
            assertThat(shown(replica)).isEqualTo(shown(create(clock(9, 0), all)));
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void mergingAReplicaIsMergingItsSnapshot(@ForAll("steps") List<Step> steps) {
        Run run = new Run(steps);
        T one = run.replicas.get(0);
        T other = run.replicas.get(1);
        T bySnapshot = create(clock(9, 0), one.snapshot());
        boolean changed = bySnapshot.merge(other.snapshot());
        assertThat(mergeAll(one, other)).isEqualTo(changed);
        assertThat(one.snapshot()).isEqualTo(bySnapshot.snapshot());
        assertThat(mergeAll(one, one)).isFalse();
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void theClockIsAboveAllThatWasMerged(@ForAll("steps") List<Step> steps) {
        D all = new Run(steps).all();
        HybridLogicalClock started = HybridLogicalClock.of(() -> 0, new ReplicaId(8));
        create(started, all);
        HybridLogicalClock merging = HybridLogicalClock.of(() -> 0, new ReplicaId(9));
        create(merging).merge(all);
        assertThat(stamps(all)).allMatch(started.tick()::isAfter).allMatch(merging.tick()::isAfter);
    }

    /** The stamps that a delta holds. */
    abstract List<Stamp> stamps(D delta);

    @Provide
    Arbitrary<List<Step>> steps() {
        return History.steps();
    }
}
