package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rows of the table in {@code docs/values.md}. */
@SuppressWarnings("JavaUtilDate") // the records of older code hold them
class JavaValuesTest {
    /** A Java object and its canonical text: each is made of the other. */
    private record Row(@Nullable Object object, String text) {}

    private static final List<Row> BOTH_WAYS = List.of(
            new Row(null, "null"),
            new Row(true, "true"),
            new Row(-1.5, "-1.5"),
            new Row(1e21, "1e+21"),
            new Row("é\n", "\"é\\n\""),
            new Row(Arrays.asList(1.0, null, List.of()), "[1,null,[]]"),
            new Row(Map.of("b", 1.0, "a", Map.of()), "{\"a\":{},\"b\":1}"),
            new Row(Instant.ofEpochMilli(5), "{\"$date\":5}"),
            new Row(Instant.ofEpochMilli(-8_640_000_000_000_000L), "{\"$date\":-8640000000000000}"),
            new Row(new byte[] {1, 2, 3}, "{\"$binary\":[\"Uint8Array\",\"AQID\"]}"),
            new Row(new byte[0], "{\"$binary\":[\"Uint8Array\",\"\"]}"),
            new Row(
                    new BigInteger("-123456789012345678901234567890"),
                    "{\"$bigint\":\"-123456789012345678901234567890\"}"),
            new Row(BigInteger.ZERO, "{\"$bigint\":\"0\"}"),
            new Row(Double.NaN, "{\"$number\":\"NaN\"}"),
            new Row(Double.POSITIVE_INFINITY, "{\"$number\":\"Infinity\"}"),
            new Row(Double.NEGATIVE_INFINITY, "{\"$number\":\"-Infinity\"}"),
            new Row(new LinkedHashSet<>(Arrays.asList("b", "a", null)), "{\"$set\":[\"b\",\"a\",null]}"),
            new Row(new LinkedHashSet<>(List.of(Instant.EPOCH, List.of(1.0))), "{\"$set\":[{\"$date\":0},[1]]}"),
            new Row(Value.UNDEFINED, "{\"$undefined\":true}"),
            new Row(Value.parse("{\"$date\":null}"), "{\"$date\":null}"),
            new Row(Value.parse("{\"$binary\":[\"DataView\",\"AQID\"]}"), "{\"$binary\":[\"DataView\",\"AQID\"]}"),
            new Row(Value.parse("{\"$set\":[1,1]}"), "{\"$set\":[1,1]}"),
            new Row(Value.map(Map.of(1, "x")), "{\"$map\":[[1,\"x\"]]}"),
            new Row(Map.of("$object", Map.of("$date", 1.0)), "{\"$object\":{\"$date\":1}}"),
            new Row(Map.of("$object", Map.of("$x", Instant.EPOCH)), "{\"$object\":{\"$x\":{\"$date\":0}}}"),
            new Row(Map.of("$x", 1.0), "{\"$x\":1}"),
            new Row(Map.of("$date", 1.5), "{\"$date\":1.5}"),
            new Row(Map.of("$date", 1.0, "a", 2.0), "{\"$date\":1,\"a\":2}"),
            new Row(Map.of("$bigint", "01"), "{\"$bigint\":\"01\"}"),
            new Row(Map.of("$number", "1"), "{\"$number\":\"1\"}"),
            new Row(Map.of("$binary", List.of("Uint8Array", "!")), "{\"$binary\":[\"Uint8Array\",\"!\"]}"),
            new Row(Map.of("a", List.of(Instant.EPOCH, Double.NaN)), "{\"a\":[{\"$date\":0},{\"$number\":\"NaN\"}]}"));

    @TestFactory
    Stream<DynamicTest> aJavaObjectAndItsTextAreMadeOfEachOther() {
        return BOTH_WAYS.stream()
                .map(row -> DynamicTest.dynamicTest(row.text, () -> {
                    assertThat(Value.of(row.object)).hasToString(row.text);
                    assertThat(Value.parse(row.text).toJava()).isEqualTo(row.object);
                }));
    }

    private static final List<Row> ONE_WAY = List.of(
            new Row(1, "1"),
            new Row(1L << 53, "9007199254740992"),
            new Row(0.1f, "0.10000000149011612"),
            new Row(new BigDecimal("1.50"), "1.5"),
            new Row(-0.0, "0"),
            new Row(Float.NaN, "{\"$number\":\"NaN\"}"),
            new Row(new Date(5), "{\"$date\":5}"),
            new Row(Instant.parse("1970-01-01T00:00:00.0059Z"), "{\"$date\":5}"),
            new Row(CharBuffer.wrap("x"), "\"x\""),
            new Row(Map.of("$date", 1), "{\"$date\":1}"),
            new Row(Collections.singletonMap("a", Value.UNDEFINED), "{\"a\":{\"$undefined\":true}}"));

    @TestFactory
    Stream<DynamicTest> otherJavaObjectsComeBackAsThoseOfTheTable() {
        return ONE_WAY.stream()
                .map(row -> DynamicTest.dynamicTest(String.valueOf(row.object), () -> {
                    Value value = Value.of(row.object);
                    assertThat(value).hasToString(row.text);
                    assertThat(Value.of(value.toJava())).isEqualTo(value);
                }));
    }

    @Test
    void whatHasNoRowIsRefused() {
        for (Object object : List.of(new Object(), 'c', Map.of(1, 2), new int[] {1}, new Date(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> Value.of(object)).isInstanceOf(MalformedException.class);
        }
        Object deep = List.of();
        for (int i = 0; i < 100; i++) {
            deep = new LinkedHashSet<>(List.of(deep));
        }
        Object set = deep;
        assertThatThrownBy(() -> Value.of(set)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aMapOfJavaScriptKeepsItsOrderAndMayHaveAnyKeys() {
        Map<Object, Object> entries = new LinkedHashMap<>();
        entries.put("b", Instant.EPOCH);
        entries.put(1, List.of());
        Value map = Value.map(entries);
        assertThat(map).hasToString("{\"$map\":[[\"b\",{\"$date\":0}],[1,[]]]}");
        assertThat(map.entries())
                .containsExactly(
                        Map.entry(Value.of("b"), Value.of(Instant.EPOCH)), Map.entry(Value.of(1), Value.of(List.of())));
        assertThat(map.isRecord()).isFalse();
        assertThatThrownBy(() -> Value.parse("{\"$map\":[[1]]}").entries()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Value.of(1).entries()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anObjectThatLooksLikeATagIsEscapedByItsRecord() {
        Value record = Value.record(Map.of("$date", 1));
        assertThat(record).hasToString("{\"$object\":{\"$date\":1}}");
        assertThat(record.fields()).containsExactly(Map.entry("$date", Value.of(1)));
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void everyValueComesBackFromJava(@ForAll("texts") String text) {
        Value value = Value.parse(text);
        assertThat(Value.of(value.toJava())).isEqualTo(value);
    }

    /** JSON texts in which tags, and what looks like them, are frequent. */
    @Provide
    Arbitrary<String> texts() {
        return texts(4);
    }

    private static Arbitrary<String> texts(int depth) {
        Arbitrary<String> leaves = Arbitraries.of(
                "null",
                "true",
                "0",
                "-1.5",
                "8640000000000001",
                "\"NaN\"",
                "\"-Infinity\"",
                "\"12\"",
                "\"AQID\"",
                "\"Uint8Array\"");
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<String> keys = Arbitraries.of(
                "$date", "$binary", "$bigint", "$undefined", "$number", "$map", "$set", "$object", "$x", "a");
        Arbitrary<String> contents = texts(depth - 1);
        return Arbitraries.oneOf(
                leaves,
                contents.list().ofMaxSize(3).map(parts -> "[" + String.join(",", parts) + "]"),
                Combinators.combine(keys, contents).as((key, content) -> "{\"" + key + "\":" + content + "}"),
                contents.map(content -> "{\"a\":1,\"$set\":" + content + "}"));
    }
}
