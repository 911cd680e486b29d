package dev.watersmeet.crdt.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
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
 * What every replicated type keeps to, whatever its replicas live through: deltas that come late, twice, in another order or never, merges of all that another replica has, restarts,
 * and clocks that disagree. A test of a type extends this and inherits the properties.
 *
 * @param <T> the replicas
 * @param <D> the deltas and snapshots, which have {@code equals} and {@code hashCode}
 */
public abstract class ReplicatedContract<T, D> implements ReplicatedType<T, D> {
    private static final int NEWCOMER = 8; // a replica outside of the history

    private final HistoryClocks clocks = new HistoryClocks();

    /** A replica that begins with a snapshot. */
    public abstract T create(HybridLogicalClock clock, D snapshot);

    /**
     * Makes one of the changes that the type offers.
     *
     * @param choice which: 0 to {@link ReplicaStep#MAX_CHOICE}
     * @return what it did
     */
    public abstract D change(T replica, int choice);

    /** The join of two deltas, which stay as they are. */
    public abstract D join(D one, D other);

    /** The same delta, made of what it shows of itself, as if it had been stored or sent. */
    public abstract D rebuilt(D delta);

    /** All that an application can see of a replica, with {@code equals}; may assert that what it shows agrees. */
    public abstract Object shown(T replica);

    /** The stamps that a delta holds. */
    public abstract List<Stamp> stamps(D delta);

    /** The replicas after a history, and the delta of each change. */
    private final class Run {
        final List<HybridLogicalClock> replicaClocks = new ArrayList<>();
        final List<T> replicas = new ArrayList<>();
        final List<D> deltas = new ArrayList<>();

        Run(List<ReplicaStep> steps) {
            for (int i = 0; i < ReplicaStep.REPLICAS; i++) {
                replicaClocks.add(clocks.clock(i));
                replicas.add(create(replicaClocks.get(i)));
            }
            steps.forEach(this::take);
        }

        private void take(ReplicaStep step) {
            clocks.step();
            if (step instanceof ReplicaStep.Change change) {
                deltas.add(changed(replicas.get(change.replica()), change.choice()));
            } else if (step instanceof ReplicaStep.Restart restart) {
                D stored = snapshot(replicas.get(restart.replica()));
                replicas.set(restart.replica(), create(replicaClocks.get(restart.replica()), stored));
            } else if (step instanceof ReplicaStep.Deliver deliver && !deltas.isEmpty()) {
                merged(replicas.get(deliver.replica()), deltas.get(deliver.pick() % deltas.size()));
            } else if (step instanceof ReplicaStep.Merge merge) {
                mergeAll(replicas.get(merge.replica()), replicas.get(merge.other()));
            }
        }

        private D changed(T replica, int choice) {
            D before = snapshot(replica);
            D copy = rebuilt(before);
            D delta = change(replica, choice);
            assertThat(before).as("a snapshot stays as it is").isEqualTo(copy);
            assertThat(join(before, delta)).as("a delta says what changed").isEqualTo(snapshot(replica));
            return delta;
        }

        private void merged(T replica, D delta) {
            D before = snapshot(replica);
            D copy = rebuilt(before);
            boolean changed = merge(replica, delta);
            D after = snapshot(replica);
            assertThat(before).as("a snapshot stays as it is").isEqualTo(copy);
            assertThat(changed).as("merging tells whether anything was new").isEqualTo(!after.equals(before));
            assertThat(after).as("merging is joining").isEqualTo(join(before, delta));
        }

        D all() {
            return replicas.stream()
                    .map(ReplicatedContract.this::snapshot)
                    .reduce(ReplicatedContract.this::join)
                    .orElseThrow();
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    public void snapshotsAndDeltasObeyTheLawsOfAJoin(
            @ForAll("histories") List<ReplicaStep> steps, @ForAll Random random) {
        Run run = new Run(steps);
        List<D> states = new ArrayList<>(run.deltas);
        run.replicas.forEach(replica -> states.add(snapshot(replica)));
        Collections.shuffle(states, random);
        new JoinLaws<D>(this::join).assertHold(states.get(0), states.get(1), states.get(2));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    public void deltasLeadToTheSameAsSnapshotsInAnyOrder(
            @ForAll("histories") List<ReplicaStep> steps, @ForAll Random random) {
        Run run = new Run(steps);
        D all = run.all();
        for (T replica : run.replicas) {
            List<D> deltas = new ArrayList<>(run.deltas);
            run.deltas.stream().filter(delta -> random.nextInt(4) == 0).forEach(deltas::add);
            Collections.shuffle(deltas, random);
            deltas.forEach(delta -> merge(replica, delta));
            assertThat(snapshot(replica)).isEqualTo(all).hasSameHashCodeAs(all);
            assertThat(shown(replica)).isEqualTo(shown(create(clocks.clock(NEWCOMER), all)));
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    public void mergingAReplicaIsMergingItsSnapshot(@ForAll("histories") List<ReplicaStep> steps) {
        Run run = new Run(steps);
        T one = run.replicas.get(0);
        T other = run.replicas.get(1);
        T bySnapshot = create(clocks.clock(NEWCOMER), snapshot(one));
        boolean changed = merge(bySnapshot, snapshot(other));
        assertThat(mergeAll(one, other)).isEqualTo(changed);
        assertThat(snapshot(one)).isEqualTo(snapshot(bySnapshot));
        assertThat(mergeAll(one, one)).isFalse();
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    public void theClockIsAboveAllThatWasMerged(@ForAll("histories") List<ReplicaStep> steps) {
        D all = new Run(steps).all();
        HybridLogicalClock started = HybridLogicalClock.of(() -> 0, new ReplicaId(NEWCOMER));
        create(started, all);
        HybridLogicalClock merging = HybridLogicalClock.of(() -> 0, new ReplicaId(NEWCOMER + 1));
        merge(create(merging), all);
        assertThat(stamps(all)).allMatch(started.tick()::isAfter).allMatch(merging.tick()::isAfter);
    }

    /** The histories that the properties try. */
    @Provide
    public Arbitrary<List<ReplicaStep>> histories() {
        return ReplicaStep.histories();
    }
}
