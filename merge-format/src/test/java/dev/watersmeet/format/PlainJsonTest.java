package dev.watersmeet.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Value;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"a b\"", "0", "7", "-7", "123456789012345"})
    void plainValuesAreSeen(String text) {
        assertThat(PlainJson.end("[" + text + "]", 1)).isEqualTo(1 + text.length());
        assertThat(PlainJson.isPlain(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "\"a",
                "\"a\"b",
                "\"a\"\"",
                "\"\u007f\"",
                "7 ",
                "7,",
                "7.0",
                "-",
                "-0",
                "01",
                "1234567890123456"
            })
    void whatIsMoreOrLessThanAPlainValueIsNone(String text) {
        assertThat(PlainJson.isPlain(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a",
                "\"\\u0041\"",
                "\"é\"",
                "\"\t\"",
                "\"\u007f\"",
                "-0",
                "00",
                "01",
                "-",
                "1.0",
                "1e2",
                "1234567890123456",
                "true",
                "",
                "7"
            })
    void whatIsNotPlainOrNotEndedHasToBeParsed(String text) {
        assertThat(PlainJson.end(text, 0)).isEqualTo(-1);
    }

    @Property
    void whatIsSeenIsCanonical(@ForAll("texts") String text) {
        int end = PlainJson.end(text + ",", 0);
        if (end == text.length()) {
            assertThat(Value.parse(text).text()).isEqualTo(text);
        }
        assertThat(PlainJson.isPlain(text)).isEqualTo(end == text.length());
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> quoted =
                Arbitraries.strings().withChars("ab\"\\u01é \n,").ofMaxLength(6).map(text -> '"' + text + '"');
        return Arbitraries.oneOf(
                quoted,
                Arbitraries.strings().withChars("-01239.e+").ofMinLength(1).ofMaxLength(17));
    }
}
