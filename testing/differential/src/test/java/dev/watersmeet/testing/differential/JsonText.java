package dev.watersmeet.testing.differential;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * A text that may be JSON.
 *
 * @param tree what it was written from; null if it was not
 * @param text the text
 * @param oddity what its spelling has, if anything
 */
record JsonText(@Nullable JsonNode tree, String text, @Nullable Feature oddity) {
    private static final int ORDINARY = 40;

    /** Numbers, strings and objects as parsers may or may not take them. */
    private static final List<String> ODD = List.of(
            "9007199254740993",
            "-9007199254740993",
            "1E400",
            "-1e400",
            "1e-400",
            "-0",
            "-0.0",
            "0e9",
            "00",
            "01",
            "+1",
            ".5",
            "1.",
            "1e",
            "1e+",
            "0x1",
            "1_0",
            "NaN",
            "Infinity",
            "-",
            "123456789012345678901234567890",
            "0.1e1",
            "1E2",
            "100000000000000000000000",
            "4.9e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1.7976931348623159e308",
            "\"\\u0041\"",
            "\"\\ud83d\\ude00\"",
            "\"\\uD800\"",
            "\"\\/\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u00g0\"",
            "\"\t\"",
            "\"\n\"",
            "\"\u007f\"",
            "'a'",
            "\"a",
            "\"\\ud83d" + "\ude00\"",
            "\"\ud83d" + "\\ude00\"",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[",
            "]",
            "{}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{,}",
            "true",
            "True",
            "nul",
            "nulll",
            "",
            " ",
            "\ufeff1",
            "\u00a01",
            "1 1",
            "1\u0000",
            "// c\n1",
            "[1]//",
            "\u2028",
            "{\"\\u0061\":1}",
            "undefined");

    private static final List<String> REPEATED = List.of(
            "{\"a\":1,\"a\":1}",
            "{\"a\":1,\"\\u0061\":2}",
            "{\"__proto__\":1,\"__proto__\":{}}",
            "[{\"b\":{\"\":0,\"\":0}}]",
            "{\"a:\":[{\"x\":\":\"}],\"a:\":0}");

    static Arbitrary<JsonText> any() {
        Arbitrary<JsonText> written = Values.any(ORDINARY).map(tree -> new JsonText(tree, Trees.text(tree), null));
        Arbitrary<JsonText> spaced = Combinators.combine(
                        Values.small(), Arbitraries.of(" ", "\n", "\t", "\r", "\u00a0", "\f"))
                .as((tree, space) -> new JsonText(
                        null,
                        space + Trees.text(tree).replace(",", "," + space).replace(":", space + ":"),
                        Feature.ODD_SPELLING));
        Arbitrary<JsonText> odd = Combinators.combine(
                        Arbitraries.of(ODD), Arbitraries.of("%s", "[%s]", "{\"a\":%s}", "[1,%s,\"x\"]"))
                .as((text, frame) -> new JsonText(null, frame.replace("%s", text), Feature.ODD_SPELLING));
        Arbitrary<JsonText> repeated = Combinators.combine(
                        Arbitraries.of(REPEATED), Arbitraries.of("%s", "[%s]", "{\"a\":%s}"))
                .as((text, frame) -> new JsonText(null, frame.replace("%s", text), Feature.REPEATED_KEY));
        Arbitrary<JsonText> broken = Combinators.combine(
                        Values.small(), Arbitraries.integers().between(0, 1000), Texts.shortTexts())
                .as((tree, place, inserted) -> broken(Trees.text(tree), place, inserted));
        return Arbitraries.frequencyOf(
                Tuple.of(8, written),
                Tuple.of(1, spaced),
                Tuple.of(3, odd),
                Tuple.of(1, repeated),
                Tuple.of(2, broken));
    }

    /** A text with a character replaced. */
    private static JsonText broken(String text, int place, String inserted) {
        int at = place % text.length();
        return new JsonText(null, text.substring(0, at) + inserted + text.substring(at + 1), Feature.NO_JSON);
    }

    void features(Set<Feature> found) {
        if (tree != null) {
            Features.of(tree, found);
        }
        if (oddity != null) {
            found.add(oddity);
        }
    }

    @Override
    public String toString() {
        return Texts.brief(text);
    }
}
