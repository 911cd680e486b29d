package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.vectors.Vectors.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether the vectors speak of the rules that there are. */
class CoverageTest {
    /** How stamps are issued is a matter of clocks, not of data. */
    private static final Set<String> WITHOUT_VECTORS = Set.of("M-3");

    @Test
    void everyRuleAboutDataHasAVector() throws IOException {
        String specification = Files.readString(Vectors.SPEC.resolve("merge-format.md"));
        Set<String> rules = Pattern.compile("(?<=^\\*\\*)M-[0-9]+(?=\\*\\*)", Pattern.MULTILINE)
                .matcher(specification)
                .results()
                .map(MatchResult::group)
                .filter(rule -> !WITHOUT_VECTORS.contains(rule))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(citedRules()).containsAll(rules);
        assertThat(rules).hasSizeGreaterThan(20);
    }

    private static Set<String> citedRules() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(Vectors.SPEC.resolve("vectors"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .flatMap(name -> elements(Vectors.file(name).get("cases")))
                    .flatMap(vector -> elements(vector.get("rules")))
                    .map(JsonNode::textValue)
                    .collect(Collectors.toSet());
        }
    }
}
