package dev.watersmeet.crdt.laws;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A type shows what its model in the textbook shows, at every step of a history in which each writer's changes arrive in their order, some of them twice. The model is simple, and need not be
 * economical.
 *
 * @param <T> the replicas
 * @param <D> their deltas
 * @param <M> the states and deltas of the model, immutable
 */
public abstract class TextbookContract<T, D, M> implements ReplicatedType<T, D> {
    /**
     * A change, in both forms.
     *
     * @param delta what the type says of it
     * @param model what the model says of it
     */
    public record Change<D, M>(D delta, M model) {}

    /** The model's state without any change. */
    public abstract M none();

    /** The model's merge. */
    public abstract M merged(M one, M other);

    /**
     * Makes the same change to a replica and by its model.
     *
     * @param replica the replica, which is changed
     * @param model the replica's model, which is not
     * @param writer the replica's number, from 0
     * @param choice which change: 0 to {@link ReplicaStep#MAX_CHOICE}
     * @param tag a number that no other change of the history has
     */
    public abstract Change<D, M> change(T replica, M model, int writer, int choice, int tag);

    /** Asserts that a replica shows what its model shows. */
    public abstract void assertShowsTheSame(T replica, M model);

    private final class Replica {
        final T replica;
        final List<Change<D, M>> written = new ArrayList<>();
        final int[] heard = new int[ReplicaStep.REPLICAS];
        M model = none();

        Replica(T replica) {
            this.replica = replica;
        }
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    public void showsWhatTheTextbookShows(@ForAll("histories") List<ReplicaStep> steps) {
        HistoryClocks clocks = new HistoryClocks();
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < ReplicaStep.REPLICAS; i++) {
            replicas.add(new Replica(create(clocks.clock(i))));
        }
        for (int i = 0; i < steps.size(); i++) {
            clocks.step();
            take(steps.get(i), i, replicas);
            replicas.forEach(replica -> assertShowsTheSame(replica.replica, replica.model));
        }
    }

    private void take(ReplicaStep step, int number, List<Replica> replicas) {
        if (step instanceof ReplicaStep.Change change) {
            Replica writer = replicas.get(change.replica());
            Change<D, M> made = change(writer.replica, writer.model, change.replica(), change.choice(), number);
            writer.model = merged(writer.model, made.model());
            writer.written.add(made);
            writer.heard[change.replica()]++;
        } else if (step instanceof ReplicaStep.Deliver deliver) {
            int writer = deliver.pick() % ReplicaStep.REPLICAS;
            deliver(replicas.get(deliver.replica()), writer, replicas.get(writer).written, deliver.pick() % 3 == 0);
        } else if (step instanceof ReplicaStep.Merge merge) {
            mergeAll(replicas.get(merge.replica()), replicas.get(merge.other()));
        }
    }

    /** Hands over the next change of a writer, or one again that was handed over before. */
    private void deliver(Replica replica, int writer, List<Change<D, M>> written, boolean again) {
        int next = again ? replica.heard[writer] / 2 : replica.heard[writer];
        if (next < written.size()) {
            merge(replica.replica, written.get(next).delta());
            replica.model = merged(replica.model, written.get(next).model());
            replica.heard[writer] = Math.max(replica.heard[writer], next + 1);
        }
    }

    private void mergeAll(Replica replica, Replica other) {
        mergeAll(replica.replica, other.replica);
        replica.model = merged(replica.model, other.model);
        for (int i = 0; i < replica.heard.length; i++) {
            replica.heard[i] = Math.max(replica.heard[i], other.heard[i]);
        }
    }

    /** The histories that the property tries. */
    @Provide
    public Arbitrary<List<ReplicaStep>> histories() {
        return ReplicaStep.histories();
    }
}
