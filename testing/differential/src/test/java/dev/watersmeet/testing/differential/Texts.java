package dev.watersmeet.testing.differential;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generators of strings: what applications call their fields and write into them, and what breaks programs. */
final class Texts {
    /** Names that a plain object of JavaScript has before anybody gives it members. */
    static final List<String> PROTOTYPE_NAMES = List.of("__proto__", "constructor", "toString", "hasOwnProperty");

    /** Fields that histories write, few so that edits meet. */
    static final List<String> FIELDS = List.of(
            "a",
            "tags",
            "votes",
            "state",
            "place",
            "on",
            "__proto__",
            "constructor",
            "toString",
            "\ud800",
            "$date",
            "$object",
            "$conflict",
            "",
            "é\ud83d\ude00",
            "10",
            "9");

    private static final List<String> UNITS =
            List.of("x", "é", "€", "\ud83d\ude00", "\udc00", "\"", "\n", "\u0001", "\u007f", "\u2028");

    private static final int SHOWN = 300;

    private Texts() {}

    /** Strings of a few odd characters. */
    static Arbitrary<String> shortTexts() {
        Arbitrary<Character> characters = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.chars().range('a', 'e')),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                '"', '\\', '/', '\n', '\b', '\f', '\r', '\t', '\u0000', '\u001f', '\u007f', '\u0080',
                                '\u2028', '\uffff')),
                Tuple.of(1, Arbitraries.chars().range('\ud800', '\udfff')),
                Tuple.of(1, Arbitraries.chars().all()));
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of("x", "y", "1", "é", "\ud83d\ude00", "\ud800", "\udc00\ud800", "")),
                Tuple.of(4, characters.array(char[].class).ofMaxSize(6).map(String::new)));
    }

    /** Names of members of objects. */
    static Arbitrary<String> keys() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of("a", "b", "c")),
                Tuple.of(2, Arbitraries.of(PROTOTYPE_NAMES)),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                "$date",
                                "$set",
                                "$map",
                                "$object",
                                "$undefined",
                                "$number",
                                "$bigint",
                                "$binary",
                                "$x",
                                "$",
                                "$conflict",
                                "10",
                                "9",
                                "\ud800")),
                Tuple.of(2, shortTexts()));
    }

    static Arbitrary<String> units() {
        return Arbitraries.of(UNITS);
    }

    /** Strings whose JSON texts have about as many bytes as a limit allows. */
    static Arbitrary<String> near(int bytes) {
        return Combinators.combine(Arbitraries.of(UNITS), Arbitraries.integers().between(bytes - 2, bytes + 2))
                .as(Texts::ofBytes);
    }

    /** A string whose JSON text has so many bytes, most of them of one character. */
    static String ofBytes(String unit, int bytes) {
        int inside = bytes - 2;
        int each = quotedBytes(unit);
        return unit.repeat(inside / each) + "x".repeat(inside % each);
    }

    /** The bytes of a string's canonical JSON text, without the quotes. */
    static int quotedBytes(String text) {
        int bytes = 0;
        for (int point : text.codePoints().toArray()) {
            if (point == '"' || point == '\\' || "\b\t\n\f\r".indexOf(point) >= 0) {
                bytes += 2;
            } else if (point < 0x20 || (point >= 0xd800 && point <= 0xdfff)) {
                bytes += 6;
            } else {
                bytes += Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return bytes;
    }

    /** Whether a string has a surrogate without its other half. */
    static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(point -> point >= 0xd800 && point <= 0xdfff);
    }

    /** A text for messages: lines that are long are cut, but those that differ still do. */
    static String brief(String text) {
        return text.lines().map(Texts::briefLine).collect(Collectors.joining("\n"));
    }

    private static String briefLine(String line) {
        if (line.length() <= SHOWN) {
            return line;
        }
        String hash = Integer.toHexString(line.hashCode());
        return line.substring(0, SHOWN / 2) + "… (" + line.length() + " characters, hash " + hash + ") …"
                + line.substring(line.length() - SHOWN / 4);
    }
}
