package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DeletionPolicy;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generators of histories. */
final class Steps {
    static final List<ReplicaId> REPLICAS =
            List.of(new ReplicaId(1), new ReplicaId(-2), new ReplicaId(3), new ReplicaId(Long.MIN_VALUE));
    static final long START = 1_700_000_000_000L;

    /** What all but the last replica declare at first. */
    static final CollectionSchema USUAL = CollectionSchema.of(Map.of(
            "tags",
            FieldType.SET,
            "votes",
            FieldType.COUNTER,
            "state",
            FieldType.MULTI,
            "place",
            FieldType.MAP,
            "on",
            FieldType.FLAG));

    /** Texts of a mebibyte are slow. */
    private static final int ORDINARY = 1500;

    private static final int MAX_STEPS = 20;
    /** From this choice on, a change of a map has a long way. */
    static final int LONG_WAYS = 36;

    private static final int MAX_CHOICE = LONG_WAYS + 3;
    private static final Arbitrary<Integer> REPLICA =
            Arbitraries.frequency(Tuple.of(5, 0), Tuple.of(3, 1), Tuple.of(1, 2), Tuple.of(1, 3));
    private static final Arbitrary<Integer> CHOICE = Arbitraries.integers().between(0, MAX_CHOICE);
    private static final Arbitrary<Boolean> SOMETIMES = Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true));

    private Steps() {}

    static Arbitrary<List<Step>> any() {
        Arbitrary<List<Step>> some =
                Arbitraries.frequencyOf(Tuple.of(30, step().map(List::of)), Tuple.of(1, Clashes.any()));
        return some.list().ofMinSize(1).ofMaxSize(MAX_STEPS).map(parts -> parts.stream()
                .flatMap(List::stream)
                .toList());
    }

    private static Arbitrary<Step> step() {
        return Arbitraries.frequencyOf(
                Tuple.of(
                        10,
                        Combinators.combine(
                                        REPLICA,
                                        SOMETIMES,
                                        change().list().ofMinSize(1).ofMaxSize(3))
                                .as(Step.Put::new)),
                Tuple.of(
                        1,
                        Combinators.combine(REPLICA, SOMETIMES, Values.any(ORDINARY))
                                .as(Step.PutRoot::new)),
                Tuple.of(2, REPLICA.map(Step.Delete::new)),
                Tuple.of(2, REPLICA.map(Step.Open::new)),
                Tuple.of(
                        8,
                        Combinators.combine(REPLICA, REPLICA, Arbitraries.of(Step.Part.class), CHOICE)
                                .as(Step.Receive::new)),
                Tuple.of(1, Combinators.combine(REPLICA, foreignCells()).as(Step.Foreign::new)),
                Tuple.of(1, Combinators.combine(REPLICA, REPLICA).as(Step.Resync::new)),
                Tuple.of(4, REPLICA.map(Step.Send::new)),
                Tuple.of(
                        5,
                        Combinators.combine(
                                        REPLICA,
                                        Arbitraries.frequency(
                                                Tuple.of(4, Step.Verdict.SETTLE),
                                                Tuple.of(1, Step.Verdict.REJECT),
                                                Tuple.of(1, Step.Verdict.UNSEND)))
                                .as(Step.Answer::new)),
                Tuple.of(2, Combinators.combine(REPLICA, schema()).as(Step.Declare::new)),
                Tuple.of(2, clock()));
    }

    private static Arbitrary<Step> clock() {
        Arbitrary<Step.Move> moves = Arbitraries.frequency(
                Tuple.of(5, Step.Move.FORWARD),
                Tuple.of(3, Step.Move.STALLED),
                Tuple.of(5, Step.Move.BACK),
                Tuple.of(3, Step.Move.JUMP),
                Tuple.of(1, Step.Move.OUT_OF_RANGE));
        return Combinators.combine(REPLICA, moves, CHOICE).as(Step.Clock::new);
    }

    private static Arbitrary<Step.Change> change() {
        Arbitrary<Step.Act> acts = Arbitraries.frequency(
                Tuple.of(12, Step.Act.DO),
                Tuple.of(3, Step.Act.UNDO),
                Tuple.of(3, Step.Act.ASSIGN),
                Tuple.of(2, Step.Act.TAKE_AWAY));
        return Combinators.combine(field(), acts, CHOICE, Values.any(ORDINARY)).as(Step.Change::new);
    }

    private static Arbitrary<String> field() {
        return Arbitraries.frequencyOf(
                Tuple.of(100, Arbitraries.of(Texts.FIELDS.subList(0, 6))),
                Tuple.of(30, Arbitraries.of(Texts.FIELDS)),
                Tuple.of(3, Texts.shortTexts()),
                Tuple.of(1, Texts.near(Path.MAX_SEGMENT_BYTES)));
    }

    private static Arbitrary<CollectionSchema> schema() {
        Arbitrary<CollectionSchema> usual = Arbitraries.of(USUAL, CollectionSchema.REGISTERS);
        Arbitrary<CollectionSchema> odd = Arbitraries.maps(
                        Arbitraries.of(Texts.FIELDS), Arbitraries.of(FieldType.class))
                .ofMaxSize(6)
                .map(CollectionSchema::of);
        Arbitrary<CollectionSchema> fields = Arbitraries.frequencyOf(Tuple.of(2, usual), Tuple.of(1, odd));
        return Combinators.combine(
                        fields,
                        Arbitraries.of(DeletionPolicy.class),
                        Arbitraries.of("a", "constructor", "").injectNull(0.8))
                .as((schema, policy, local) -> local == null || schema.fields().containsKey(local)
                        ? schema.with(policy)
                        : schema.with(policy).withLocal(local));
    }

    /** Cells as they travel, of few paths and stamps so that they meet those of others; some against their kind's form. */
    private static Arbitrary<JsonNode> foreignCells() {
        return Combinators.combine(
                        path(), stamp(), Arbitraries.of(0, 1), Values.small().injectNull(0.5))
                .as((path, stamp, removed, value) -> {
                    ArrayNode cell = Trees.array(path, Values.node(stamp)).add(removed);
                    return value == null ? cell : cell.add(value);
                })
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(cells -> Trees.array(cells.toArray(JsonNode[]::new)));
    }

    private static Arbitrary<String> stamp() {
        Arbitrary<Long> millis = Arbitraries.frequencyOf(
                Tuple.of(10, Arbitraries.longs().between(START - 3, START + 3)),
                Tuple.of(1, Arbitraries.longs().between(0, Stamp.MAX_MILLIS)),
                Tuple.of(1, Arbitraries.just(Stamp.MAX_MILLIS)));
        Arbitrary<Integer> counters = Arbitraries.of(0, 1, Stamp.MAX_COUNTER);
        return Combinators.combine(millis, counters, Arbitraries.of(REPLICAS))
                .as((time, counter, replica) -> Stamp.of(time, counter, replica).toString());
    }

    /** Times since which somebody counts: few, so that lives meet, and the greatest. */
    private static Arbitrary<JsonNode> since() {
        return Arbitraries.of(START << 16, START << 16 | 1, -1L)
                .map(time -> Values.node(new ReplicaId(time).toString())); // 64 bits, too
    }

    /** Paths as arrays, of all kinds. */
    static Arbitrary<JsonNode> path() {
        Arbitrary<JsonNode> field = field().map(Values::node);
        Arbitrary<JsonNode> replica = Arbitraries.of(REPLICAS).map(id -> Values.node(id.toString()));
        Arbitrary<JsonNode> names = Texts.keys().map(Values::node);
        return Arbitraries.oneOf(
                replica.map(id -> Trees.array(Values.node("e"), id)),
                replica.map(id -> Trees.array(Values.node("d"), id)),
                Arbitraries.just(Trees.array(Values.node("d"), Values.node("*"))),
                field.map(name -> Trees.array(Values.node("r"), name)),
                Combinators.combine(Arbitraries.of("c", "b"), field, since(), replica)
                        .as((kind, name, since, id) -> Trees.array(Values.node(kind), name, since, id)),
                Combinators.combine(Arbitraries.of("s", "m"), field, Values.any(ORDINARY), replica)
                        .as((kind, name, value, id) -> Trees.array(Values.node(kind), name, value, id)),
                Combinators.combine(field, names.list().ofMinSize(1).ofMaxSize(3))
                        .as((name, way) -> {
                            ArrayNode path = Trees.array(Values.node("n"), name);
                            way.forEach(path::add);
                            return path;
                        }),
                Arbitraries.just(Trees.array(Values.node("v"))));
    }
}
