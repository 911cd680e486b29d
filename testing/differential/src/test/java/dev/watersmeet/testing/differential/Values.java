package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generators of values as JSON trees: plain ones, tagged ones, those that look like tagged ones, and those near the limits. */
final class Values {
    /** What tagged values look like, and what only looks like one. */
    private static final List<JsonNode> TAGGED = List.of(
                    "{'$date':1700000000000}",
                    "{'$date':null}",
                    "{'$date':-0}",
                    "{'$date':1.5}",
                    "{'$date':9e15}",
                    "{'$date':'x'}",
                    "{'$binary':['Uint8Array','AQID']}",
                    "{'$binary':['ArrayBuffer','']}",
                    "{'$binary':['ArrayBuffer','AQ']}",
                    "{'$binary':['Int32Array','AQID']}",
                    "{'$bigint':'-12'}",
                    "{'$bigint':'012'}",
                    "{'$undefined':true}",
                    "{'$undefined':false}",
                    "{'$number':'NaN'}",
                    "{'$number':'Infinity'}",
                    "{'$number':'-Infinity'}",
                    "{'$number':1}",
                    "{'$map':[]}",
                    "{'$map':[[1,2]]}",
                    "{'$map':[[1]]}",
                    "{'$set':[]}",
                    "{'$set':['x','y']}",
                    "{'$set':1}",
                    "{'$object':{}}",
                    "{'$object':{'$date':1}}",
                    "{'$object':{'a':1}}",
                    "{'$object':{'$object':{'$object':1}}}",
                    "{'$object':5}",
                    "{'$object':[1]}",
                    "{'$conflict':['x','y']}",
                    "{'$object':{'$conflict':['x','y']}}",
                    "{'$x':1}",
                    "{'$':{}}",
                    "{'$date':1,'a':2}")
            .stream()
            .map(text -> Trees.parse(text.replace('\'', '"')))
            .toList();

    private static final List<JsonNode> SMALL = List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "1",
                    "2",
                    "'x'",
                    "'y'",
                    "'1'",
                    "[]",
                    "{}",
                    "[1]",
                    "{'a':1}",
                    "{'b':1,'a':[]}",
                    "[[],{}]")
            .stream()
            .map(text -> Trees.parse(text.replace('\'', '"')))
            .toList();

    private static final List<Double> NUMBERS = List.of(
            -0.0,
            0.1,
            -1.5,
            9007199254740991.0,
            9007199254740992.0,
            9007199254740994.0,
            -9007199254740994.0,
            1e20,
            1e21,
            1.5e21,
            123456789012345680000.0,
            1e-6,
            1e-7,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            2.225073858507201e-308,
            Double.MIN_NORMAL,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            1.7e308,
            4.35,
            0.30000000000000004);

    private Values() {}

    /** Doubles of every form, all finite. */
    static Arbitrary<Double> numbers() {
        return Arbitraries.frequencyOf(
                Tuple.of(10, Arbitraries.of(NUMBERS)),
                Tuple.of(1, Arbitraries.just(-0.0)),
                Tuple.of(2, Arbitraries.integers().between(-5, 5).map(Integer::doubleValue)),
                Tuple.of(
                        1,
                        Arbitraries.longs()
                                .map(Double::longBitsToDouble)
                                .map(number -> Double.isFinite(number) ? number : 0)));
    }

    /** Values of few levels. */
    static Arbitrary<JsonNode> small() {
        return Arbitraries.recursive(
                Values::leaves,
                inner -> Arbitraries.frequencyOf(
                        Tuple.of(2, leaves()),
                        Tuple.of(1, arrays(inner)),
                        Tuple.of(2, objects(inner)),
                        Tuple.of(1, tags(inner))),
                0,
                3);
    }

    /**
     * Values of all sizes.
     *
     * @param ordinary how many there are for one whose text is about as long as texts may be
     */
    static Arbitrary<JsonNode> any(int ordinary) {
        Arbitrary<JsonNode> others = Arbitraries.frequencyOf(
                Tuple.of(25, small()),
                Tuple.of(2, deep()),
                Tuple.of(1, Texts.near(Path.MAX_SEGMENT_BYTES).map(Values::node)));
        Arbitrary<JsonNode> huge = Texts.near(Value.MAX_BYTES).map(Values::node);
        return Arbitraries.frequencyOf(Tuple.of(ordinary, others), Tuple.of(1, huge));
    }

    /** Values that nest about as deep as values may. */
    static Arbitrary<JsonNode> deep() {
        return Combinators.combine(
                        Arbitraries.integers().between(Value.MAX_DEPTH - 4, Value.MAX_DEPTH + 3),
                        Arbitraries.longs(),
                        Arbitraries.of(TAGGED).injectNull(0.5))
                .as((depth, shape, end) ->
                        nested(end == null ? node(1) : end, depth - (end == null ? 0 : Trees.depth(end)), shape));
    }

    /** A value inside of so many containers: arrays, and objects where the shape has bits. */
    static JsonNode nested(JsonNode inside, int levels, long shape) {
        JsonNode tree = inside;
        for (int level = 0; level < levels; level++) {
            tree = (shape >> level % 64 & 1) == 0 ? Trees.array(tree) : Trees.object("a", tree);
        }
        return tree;
    }

    private static Arbitrary<JsonNode> leaves() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(SMALL)),
                Tuple.of(4, numbers().map(Values::node)),
                Tuple.of(4, Texts.shortTexts().map(Values::node)),
                Tuple.of(2, Arbitraries.of(TAGGED)));
    }

    private static Arbitrary<JsonNode> arrays(Arbitrary<JsonNode> members) {
        return members.list().ofMaxSize(3).map(list -> Trees.array(list.toArray(JsonNode[]::new)));
    }

    private static Arbitrary<JsonNode> objects(Arbitrary<JsonNode> members) {
        return Arbitraries.maps(Texts.keys(), members).ofMaxSize(3).map(Values::object);
    }

    private static Arbitrary<JsonNode> tags(Arbitrary<JsonNode> content) {
        return Combinators.combine(
                        Arbitraries.of("$object", "$object", "$set", "$map", "$date", "$conflict", "$y"), content)
                .as(Trees::object);
    }

    static ObjectNode object(Map<String, JsonNode> members) {
        ObjectNode object = Trees.NODES.objectNode();
        members.forEach(object::set);
        return object;
    }

    static JsonNode node(String text) {
        return Trees.NODES.textNode(text);
    }

    static JsonNode node(double number) {
        return Trees.NODES.numberNode(number);
    }

    static ArrayNode node(List<String> texts) {
        ArrayNode array = Trees.NODES.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}
