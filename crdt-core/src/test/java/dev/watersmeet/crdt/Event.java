package dev.watersmeet.crdt;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An edit or a deletion of a history: what it meant, for the {@link Textbook}, and the cells that it wrote.
 *
 * @param number its place in the history
 * @param stamp when and by whom it was made
 * @param context the numbers of the events that its writer had seen
 * @param effects what it meant
 * @param delta what it wrote
 */
record Event(int number, Stamp stamp, Set<Integer> context, List<Effect> effects, DocumentState delta) {
    ReplicaId writer() {
        return stamp.replica();
    }

    /** Whether this is an edit, and no deletion. */
    boolean isEdit() {
        return effects.stream().noneMatch(Effect.Delete.class::isInstance);
    }

    /** What an event meant, in the words of the textbooks: nothing of cells. */
    sealed interface Effect {
        /** A register is assigned, or taken away if there is no value. The root value is the register without a name. */
        record Assign(String field, @Nullable Value value) implements Effect {}

        /** An element is added with a new tag. */
        record Add(Value element) implements Effect {}

        /** The tags of an element that the writer had seen are removed. */
        record Remove(Value element) implements Effect {}

        /** The counter is incremented. */
        record Increment(double by) implements Effect {}

        /** The increments that the writer had seen are taken back. */
        record Reset() implements Effect {}

        /** A multi-value register is assigned a value with a new tag, which takes the place of the writer's earlier one of that value. */
        record Hold(Value value) implements Effect {}

        /** The tags of a value of the multi-value register that the writer had seen are removed. */
        record Retract(Value value) implements Effect {}

        /** The flag is switched on with a new tag. */
        record SwitchOn() implements Effect {}

        /** The tags of the flag that the writer had seen are removed. */
        record SwitchOff() implements Effect {}

        /** A leaf of the map is assigned, or taken away if there is no value. */
        record AssignLeaf(List<String> way, @Nullable Value value) implements Effect {}

        /** The edits that the writer had seen are deleted; by the latest writer also those with lower stamps. */
        record Delete(boolean byLatestWriter) implements Effect {}
    }
}
