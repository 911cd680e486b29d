package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.DeletionPolicy;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Edits of two replicas of which neither has seen the other's, and of which one is lost when they meet (M-38, M-39). Steps that are chosen one by one seldom make one. */
final class Clashes {
    private static final List<String> REGISTERS = Texts.FIELDS.stream()
            .filter(field -> !Steps.USUAL.fields().containsKey(field))
            .toList();
    private static final int FIRST_CHOICE = 0; // assignments have none

    private Clashes() {}

    static Arbitrary<List<Step>> any() {
        return Combinators.combine(
                        Arbitraries.shuffle(List.of(0, 1, 2)),
                        Arbitraries.of(REGISTERS)
                                .set()
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(List::copyOf),
                        Values.small(),
                        Values.small(),
                        Arbitraries.of(true, false))
                .as((replicas, fields, one, other, deletes) -> deletes
                        ? deletion(replicas.get(0), replicas.get(1), put(replicas.get(0), fields, one))
                        : writes(put(replicas.get(0), fields, one), put(replicas.get(1), fields, other)));
    }

    private static Step.Put put(int replica, List<String> fields, JsonNode value) {
        List<Step.Change> changes = new ArrayList<>();
        fields.forEach(field -> changes.add(new Step.Change(field, Step.Act.ASSIGN, FIRST_CHOICE, value)));
        return new Step.Put(replica, false, changes);
    }

    /** Both write the same fields. */
    private static List<Step> writes(Step.Put one, Step.Put other) {
        return List.of(one, other, all(one.replica(), other.replica()));
    }

    /** One edits what the other deletes, under the policy that lets a deletion win; whose stamp is greater is left to their clocks. */
    private static List<Step> deletion(int editor, int deleter, Step.Put edit) {
        return List.of(
                new Step.Declare(deleter, Steps.USUAL.with(DeletionPolicy.LAST_WRITER_WINS)),
                edit,
                all(deleter, editor),
                new Step.Delete(deleter),
                new Step.PutRoot(editor, false, Trees.NODES.numberNode(deleter)),
                all(editor, deleter));
    }

    private static Step all(int replica, int from) {
        return new Step.Receive(replica, from, Step.Part.ALL, 0);
    }
}
