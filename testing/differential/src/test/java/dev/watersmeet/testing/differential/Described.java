package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.watersmeet.crdt.Value;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A JavaScript value: described to the other side, and what it is in Java. As a value it may be against M-6.
 *
 * @param json the description, as {@code described.ts} reads it
 * @param value the form in which it travels (M-5)
 */
record Described(JsonNode json, Value value) {
    private static final long MAX_DATE = 8_640_000_000_000_000L;
    private static final Map<String, Integer> VIEWS = new TreeMap<>(Map.of(
            "ArrayBuffer",
            1,
            "Uint8Array",
            1,
            "Int8Array",
            1,
            "Uint8ClampedArray",
            1,
            "DataView",
            1,
            "Uint16Array",
            2,
            "Int32Array",
            4,
            "Float64Array",
            8,
            "BigInt64Array",
            8));

    /** Values that a structured clone takes. */
    static Arbitrary<Described> values() {
        Arbitrary<Described> shallow = Arbitraries.recursive(Described::leaves, Described::containers, 0, 3);
        Arbitrary<Described> deep = Combinators.combine(
                        shallow,
                        Arbitraries.integers().between(Value.MAX_DEPTH - 7, Value.MAX_DEPTH + 2),
                        Arbitraries.longs())
                .as(Described::nested);
        return Arbitraries.frequencyOf(Tuple.of(3, shallow), Tuple.of(1, deep));
    }

    private static Arbitrary<Described> leaves() {
        return Arbitraries.frequencyOf(
                Tuple.of(
                        2,
                        Arbitraries.of(
                                plain(Trees.NODES.nullNode()),
                                plain(Trees.NODES.booleanNode(true)),
                                new Described(array("undefined"), Value.UNDEFINED))),
                Tuple.of(3, Texts.shortTexts().map(Described::string)),
                Tuple.of(4, numbers()),
                Tuple.of(1, Arbitraries.bigIntegers().map(Described::bigInteger)),
                Tuple.of(2, dates()),
                Tuple.of(2, binaries()));
    }

    static Arbitrary<Described> numbers() {
        Arbitrary<Double> all = Arbitraries.frequencyOf(
                Tuple.of(3, Values.numbers()),
                Tuple.of(1, Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
        return all.map(number -> new Described(
                array("number").add(Long.toHexString(Double.doubleToRawLongBits(number))), Value.of(number)));
    }

    /** Valid and invalid dates. */
    static Arbitrary<Described> dates() {
        Arbitrary<Long> millis = Arbitraries.oneOf(
                Arbitraries.longs().between(-MAX_DATE, MAX_DATE), Arbitraries.of(0L, -1L, MAX_DATE, -MAX_DATE));
        return Arbitraries.frequencyOf(
                Tuple.of(
                        5,
                        millis.map(
                                time -> new Described(array("date").add(time), Value.of(Instant.ofEpochMilli(time))))),
                Tuple.of(1, Arbitraries.just(new Described(array("date").addNull(), Value.parse("{\"$date\":null}")))));
    }

    static Arbitrary<Described> binaries() {
        return Combinators.combine(
                        Arbitraries.of(VIEWS.keySet()),
                        Arbitraries.bytes().list().ofMaxSize(3))
                .as((name, bytes) -> binary(name, bytes, name));
    }

    /** @param travels the constructor's name in the value */
    static Described binary(String name, List<Byte> bytes, String travels) {
        byte[] content = new byte[bytes.size() * VIEWS.getOrDefault(name, 1)];
        ArrayNode numbers = Trees.NODES.arrayNode();
        for (int i = 0; i < content.length; i++) {
            content[i] = bytes.get(i % bytes.size());
            numbers.add(content[i] & 0xff);
        }
        Value value =
                Value.of(Map.of("$binary", List.of(travels, Base64.getEncoder().encodeToString(content))));
        return new Described(array("binary").add(name).add(numbers), value);
    }

    private static Arbitrary<Described> containers(Arbitrary<Described> inner) {
        Arbitrary<List<Described>> members = inner.list().ofMaxSize(3);
        return Arbitraries.frequencyOf(
                Tuple.of(2, leaves()),
                Tuple.of(1, inner.map(member -> object(Map.of("$object", member)))),
                Tuple.of(2, members.map(Described::array)),
                Tuple.of(3, Arbitraries.maps(Texts.keys(), inner).ofMaxSize(3).map(Described::object)),
                Tuple.of(1, inner.list().ofMaxSize(2).map(Described::map)),
                Tuple.of(1, inner.list().ofMaxSize(1).map(Described::set)));
    }

    static Described string(String text) {
        return plain(Values.node(text));
    }

    private static Described plain(JsonNode scalar) {
        return new Described(array("plain").add(scalar), Value.parse(Trees.text(scalar)));
    }

    private static Described bigInteger(BigInteger integer) {
        return new Described(array("bigint").add(integer.toString()), Value.of(integer));
    }

    static Described array(List<Described> members) {
        return new Described(array("array").add(jsons(members)), unbounded(texts(members)));
    }

    private static Described object(Map<String, Described> members) {
        ArrayNode described = Trees.NODES.arrayNode();
        Map<String, Value> values = new LinkedHashMap<>();
        members.forEach((key, member) -> {
            described.add(Trees.array(Values.node(key), member.json()));
            values.put(key, member.value());
        });
        return new Described(array("object").add(described), Value.record(values));
    }

    private static Described map(List<Described> values) {
        ArrayNode described = Trees.NODES.arrayNode();
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Described key = plain(Trees.NODES.textNode("key " + i));
            described.add(Trees.array(key.json(), values.get(i).json()));
            pairs.add(texts(List.of(key, values.get(i))));
        }
        return new Described(array("map").add(described), unbounded("{\"$map\":[" + String.join(",", pairs) + "]}"));
    }

    private static Described set(List<Described> members) {
        return new Described(array("set").add(jsons(members)), unbounded("{\"$set\":" + texts(members) + "}"));
    }

    /** A value inside of so many levels, of arrays or of objects. */
    private static Described nested(Described inside, int levels, long shape) {
        Described outer = inside;
        for (int level = 0; level < levels; level++) {
            outer = (shape >> level % 64 & 1) == 0 ? array(List.of(outer)) : object(Map.of("a", outer));
        }
        return outer;
    }

    private static ArrayNode array(String type) {
        return Trees.array(Values.node(type));
    }

    private static ArrayNode jsons(List<Described> members) {
        return Trees.array(members.stream().map(Described::json).toArray(JsonNode[]::new));
    }

    private static String texts(List<Described> members) {
        return "["
                + String.join(
                        ",",
                        members.stream().map(member -> member.value().text()).toList()) + "]";
    }

    private static Value unbounded(String canonical) {
        return Value.ofCanonical(canonical);
    }

    @Override
    public String toString() {
        return Texts.brief(value.text());
    }
}
