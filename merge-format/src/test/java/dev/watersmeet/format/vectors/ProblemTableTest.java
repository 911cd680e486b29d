package dev.watersmeet.format.vectors;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.RejectionCode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether the codes are those that the specification lists, with the same meaning for those who try again. */
@Tag("P-14")
class ProblemTableTest {
    private static final String RULE = requireNonNull(Specification.rules().get("P-14"));

    @Test
    void problemsAreThoseOfTheTable() {
        List<String> table = Pattern.compile("^\\| `([a-z-]+)` \\| ([0-9]+) \\| ([a-z]+) \\|", Pattern.MULTILINE)
                .matcher(RULE)
                .results()
                .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
                .toList();
        assertThat(Stream.of(ProblemCode.values())
                        .map(code -> code.text() + " " + code.status() + " "
                                + code.retry().text()))
                .containsExactlyElementsOf(table);
    }

    @Test
    void verdictsAreThoseOfTheList() {
        String list = RULE.substring(RULE.indexOf("Verdicts on a document"));
        List<String> verdicts = Pattern.compile("`([a-z-]+)`")
                .matcher(list)
                .results()
                .map(verdict -> verdict.group(1))
                .toList();
        assertThat(Stream.of(RejectionCode.values())
                        .filter(code -> code != RejectionCode.OTHER) // of codes that are not known here (P-27)
                        .map(RejectionCode::text))
                .containsExactlyElementsOf(verdicts);
    }
}
