package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are meant to break a reader are refused as malformed, and with no other exception or error. */
class HostileJsonTest {
    private static final String SAMPLE =
            "{\"a\":[1,-2.5e-3,true,false,null,\"\\u00e9\\n\\\\\\\"\"],\"b\":{\"$date\":1},\"\uD83D\uDE00\":{}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\0",
                "\uFEFF1",
                "tru",
                "nul",
                "falsey",
                "True",
                "[",
                "]",
                "{",
                "}",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{\"a\" 1}",
                "{,}",
                "\"",
                "\"a",
                "\"\\",
                "\"\\u",
                "\"\\u12",
                "\"\\u123g\"",
                "\"\\x41\"",
                "\"\\u\uFF11234\"",
                "\"\t\"",
                "\"\u0000\"",
                "\"\u001F\"",
                "1 2",
                "[]]",
                "//",
                "/**/1",
                "1;",
                "undefined",
                "\u00A01",
                "\u20281",
                "[1]\0",
                "\"a\"\"b\""
            })
    void whatIsNoJsonIsRefused(String json) {
        assertRefused(json);
    }

    @Test
    void repeatedKeysAreRefused() {
        assertRefused("{\"a\":1,\"a\":1}");
        assertRefused("{\"a\":null,\"a\":1}");
        assertRefused("{\"a\":1,\"\\u0061\":2}");
        assertRefused("[{\"__proto__\":1,\"__proto__\":1}]");
    }

    @Test
    void keysThatMeanSomethingElsewhereAreKeys() {
        String json = "{\"__proto__\":{\"x\":1},\"constructor\":2,\"toString\":3}";
        assertThat(Value.parse(json).members()).containsOnlyKeys("__proto__", "constructor", "toString");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void depthIsBounded(String opening) {
        assertRefused(opening.repeat(Value.MAX_DEPTH + 1));
        assertRefused(opening.repeat(300_000));
        assertRefused(opening.repeat(Value.MAX_DEPTH + 1) + "1");
    }

    @Test
    void theDeepestNestingIsRead() {
        String deepest = "[".repeat(Value.MAX_DEPTH) + "]".repeat(Value.MAX_DEPTH);
        Value value = Value.parse(deepest);
        assertThat(value).hasToString(deepest);
        assertThat(value.depth()).isEqualTo(Value.MAX_DEPTH);
        assertThatThrownBy(() -> Value.of(List.of(value))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Value.of(Map.of("a", value))).isInstanceOf(MalformedException.class);
    }

    @Test
    void bracketsInStringsAreNoDepth() {
        String text = "\"" + "[{\\\"".repeat(1000) + "\"";
        assertThat(Value.parse(text).depth()).isZero();
    }

    @Test
    void deepJavaObjectsAreRefused() {
        List<@Nullable Object> deep = new ArrayList<>();
        for (int level = 0; level < 100_000; level++) {
            List<@Nullable Object> outer = new ArrayList<>();
            outer.add(deep);
            deep = outer;
        }
        Object tree = deep;
        assertThatThrownBy(() -> Value.of(tree)).isInstanceOf(MalformedException.class);
    }

    @Test
    void lengthIsBoundedInBytes() {
        assertThat(Value.of("x".repeat(Value.MAX_BYTES - 2)).bytes()).isEqualTo(Value.MAX_BYTES);
        assertThatThrownBy(() -> Value.of("x".repeat(Value.MAX_BYTES - 1))).isInstanceOf(MalformedException.class);
        assertRefused("\"" + "\u20AC".repeat(Value.MAX_BYTES / 3) + "\"");
        assertRefused("\"" + "\\ud800".repeat(Value.MAX_BYTES / 6 + 1) + "\"");
    }

    @Test
    void loneSurrogatesAreEscaped() {
        assertThat(Value.parse("\"\uD800\"")).hasToString("\"\\ud800\"");
        assertThat(Value.parse("\"\\uDC00\\uD800\"")).hasToString("\"\\udc00\\ud800\"");
        assertThat(Value.parse("\"\\uD83D\\uDE00\"")).hasToString("\"\uD83D\uDE00\"");
        assertThat(Value.parse("{\"\\uD800\":1}").members()).containsOnlyKeys("\uD800");
        assertThat(Value.of("\uD800")).isEqualTo(Value.parse("\"\\uD800\""));
    }

    @Test
    void messagesShowLittleOfWhatWasFoundAndNoControlCharacters() {
        assertThatThrownBy(() -> Value.parse("x\n\0" + "y".repeat(1_000_000)))
                .isInstanceOf(MalformedException.class)
                .satisfies(thrown ->
                        assertThat(thrown.getMessage()).hasSizeLessThan(300).doesNotContain("\n", "\0"));
    }

    @Test
    void everyBeginningOfATextIsRefused() {
        assertThat(Value.parse(SAMPLE).isRecord()).isTrue();
        for (int end = 0; end < SAMPLE.length(); end++) {
            assertRefused(SAMPLE.substring(0, end));
        }
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
    void anyTextIsReadOrRefused(@ForAll("texts") String text) {
        assertReadOrRefused(text);
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
    void aTextWithOneCharacterChangedIsReadOrRefused(@ForAll("places") int place, @ForAll("characters") char inserted) {
        assertReadOrRefused(SAMPLE.substring(0, place) + inserted + SAMPLE.substring(place));
        assertReadOrRefused(
                SAMPLE.substring(0, place) + inserted + SAMPLE.substring(Math.min(place + 1, SAMPLE.length())));
    }

    @Provide
    Arbitrary<Integer> places() {
        return Arbitraries.integers().between(0, SAMPLE.length());
    }

    @Provide
    Arbitrary<Character> characters() {
        return Arbitraries.oneOf(
                Arbitraries.chars().with("{}[]\",:\\u0123456789eE+-.tfn \t\n/"),
                Arbitraries.chars().all());
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("{}[]\",:\\u01e-.tn ").ofMaxLength(24),
                Arbitraries.of("[", "]", "{", "}", "\"a\"", ":", ",", "1", "-", "true", "null", "\\", "\"")
                        .list()
                        .ofMaxSize(12)
                        .map(parts -> String.join("", parts)));
    }

    /** Whatever is read is canonical, and whatever is not read is refused as malformed. */
    private static void assertReadOrRefused(String json) {
        Value value;
        try {
            value = Value.parse(json);
        } catch (MalformedException e) {
            return;
        }
        assertThat(Value.parse(value.text())).isEqualTo(value);
        assertThat(Value.of(value.tree())).isEqualTo(value);
        assertReadOrRefusedAsAPath(value);
    }

    private static void assertReadOrRefusedAsAPath(Value value) {
        try {
            assertThat(Path.of(value)).hasToString(value.text());
        } catch (MalformedException e) {
            assertThat(e).hasMessageContaining("path");
        }
    }

    private static void assertRefused(String json) {
        assertThatThrownBy(() -> Value.parse(json)).isInstanceOf(MalformedException.class);
    }
}
