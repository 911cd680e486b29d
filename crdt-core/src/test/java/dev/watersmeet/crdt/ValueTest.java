package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ValueTest {
    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void aCanonicalTextStaysAsItIs(@ForAll("trees") Object tree) {
        Value value = Value.of(tree);
        assertThat(Value.parse(value.text())).isEqualTo(value).hasToString(value.text());
        assertThat(Value.of(value.tree())).isEqualTo(value);
        assertThat(Value.of(value)).isSameAs(value);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void valuesAreOrderedByTheBytesOfTheirTexts(@ForAll("strings") String one, @ForAll("strings") String other) {
        Value a = Value.of(one);
        Value b = Value.of(other);
        int bytes = Arrays.compareUnsigned(
                a.text().getBytes(StandardCharsets.UTF_8), b.text().getBytes(StandardCharsets.UTF_8));
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(bytes));
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void theLengthIsThatOfTheBytes(@ForAll("trees") Object tree) {
        Value value = Value.of(tree);
        assertThat(value.bytes()).isEqualTo(value.text().getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    @Tag("M-6")
    void aTextWhoseLengthIsKnownIsBoundedByIt() {
        assertThat(Value.ofCanonical("\"é\"", 4)).isEqualTo(Value.of("é")).returns(4, Value::bytes);
        assertThatThrownBy(() -> Value.ofCanonical("\"é\"", Value.MAX_BYTES + 1))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("at most 1048576 bytes");
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void whiteSpaceAndEscapesMakeNoDifference(@ForAll("strings") String text) {
        StringBuilder escaped = new StringBuilder(" [ \"");
        text.chars().forEach(c -> escaped.append(String.format("\\u%04X", c)));
        assertThat(Value.parse(escaped.append("\" ]\n").toString())).isEqualTo(Value.of(List.of(text)));
    }

    @Test
    void keysAreSortedByCodeUnitsAndValuesByCodePoints() {
        String astral = "\uD83D\uDE00";
        String privateUse = "\uE000";
        assertThat(Value.of(Map.of(privateUse, 1, astral, 2)))
                .hasToString("{\"" + astral + "\":2,\"" + privateUse + "\":1}");
        assertThat(Value.of(astral)).isGreaterThan(Value.of(privateUse));
    }

    @Test
    void stringsHaveTheShortestEscapes() {
        assertThat(Value.of("\b\t\n\f\r\"\\/\u0001\u007F\u2028\u00E9"))
                .hasToString("\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0001\u007F\u2028\u00E9\"");
    }

    @Test
    void whatJsonLacksIsTagged() {
        assertThat(Value.of(Instant.ofEpochMilli(5))).hasToString("{\"$date\":5}");
        assertThat(Value.of(new byte[] {1, 2, 3})).hasToString("{\"$binary\":[\"Uint8Array\",\"AQID\"]}");
        assertThat(Value.of(BigInteger.valueOf(-12))).hasToString("{\"$bigint\":\"-12\"}");
        assertThat(Value.of(Map.of("a", List.of(Instant.EPOCH)))).hasToString("{\"a\":[{\"$date\":0}]}");
    }

    @Test
    void whatIsNoValueIsRefused() {
        assertThatThrownBy(() -> Value.of(new Object())).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Value.of(Map.of(1, 2))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Value.of(Instant.MAX)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aRecordIsAnObjectThatIsNoTaggedValue() {
        assertThat(Value.parse("{}").isRecord()).isTrue();
        assertThat(Value.parse("{\"$date\":1,\"a\":2}").isRecord()).isTrue();
        assertThat(Value.parse("{\"$date\":1}").isRecord()).isFalse();
        assertThat(Value.parse("[]").isRecord()).isFalse();
        assertThat(Value.parse("{\"$object\":{\"$date\":1}}").fields()).containsOnlyKeys("$date");
        assertThat(Value.record(Map.of("$date", 1))).hasToString("{\"$object\":{\"$date\":1}}");
    }

    @Provide
    Arbitrary<String> strings() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(6),
                Arbitraries.of(
                                "\uD83D\uDE00",
                                "\uD83D",
                                "\uDE00",
                                "\uE000",
                                "\uFFFF",
                                "\uD7FF",
                                "a",
                                "\0",
                                "\\",
                                "\"",
                                "\u00E9")
                        .list()
                        .ofMaxSize(4)
                        .map(parts -> String.join("", parts)));
    }

    @Provide
    Arbitrary<Object> trees() {
        return trees(3);
    }

    private Arbitrary<Object> trees(int depth) {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                strings().asGeneric(),
                Arbitraries.doubles().asGeneric(),
                Arbitraries.longs().map(Long::doubleValue).asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.longs()
                        .between(-1L << 50, 1L << 50)
                        .map(Instant::ofEpochMilli)
                        .asGeneric());
        if (depth == 0) {
            return leaves;
        }
        return Arbitraries.oneOf(
                leaves,
                trees(depth - 1).list().ofMaxSize(3).asGeneric(),
                Arbitraries.maps(strings(), trees(depth - 1)).ofMaxSize(3).asGeneric());
    }
}
