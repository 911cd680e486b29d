package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.vectors.Vectors.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whether something is held against each rule that there is: a vector, or, where a rule is not about data alone, a test that is tagged with it. Tests stand in the modules that keep the rule, so this
 * reads their sources.
 */
class CoverageTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([MP]-[0-9]+)\"\\)");

    /** What a rule says of data that it does not allow. */
    private static final Pattern REFUSES = Pattern.compile("\\brefuse[sd]?\\b");

    /** What a rule is for: a line of its own, in italics. */
    private static final Pattern INTENT = Pattern.compile("^\\*[^*].*\\*$", Pattern.MULTILINE);

    /** What RFC 2119 has for what a rule asks of whom. */
    private static final Pattern ASKS = Pattern.compile("\\b(?:MUST|SHOULD|MAY)\\b");

    private static final Set<String> RULES = Specification.rules().keySet();

    private static Set<String> ofKind(String kind) {
        return RULES.stream().filter(rule -> rule.startsWith(kind)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theRulesAreFound() {
        assertThat(ofKind("M-")).hasSizeGreaterThan(35);
        assertThat(ofKind("P-")).hasSizeGreaterThan(15);
    }

    @Test
    void everyRuleSaysWhatItIsFor() {
        assertThat(Specification.rules())
                .allSatisfy((rule, text) -> assertThat(text).as(rule).containsPattern(INTENT));
    }

    @Test
    void everyRuleAsksSomethingInTheWordsOfTheStandard() {
        assertThat(Specification.rules())
                .allSatisfy((rule, text) -> assertThat(text).as(rule).containsPattern(ASKS));
    }

    @Test
    void everyRuleAboutDataHasAVectorOrATest() {
        assertThat(union(cited(vector -> true), tags())).containsAll(ofKind("M-"));
    }

    @Test
    void everyRuleAboutDataThatRefusesHasAVectorThatIsRefused() {
        Set<String> refusing = Specification.rules().entrySet().stream()
                .filter(rule -> rule.getKey().startsWith("M-")
                        && REFUSES.matcher(rule.getValue()).find())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(refusing).contains("M-1", "M-29");
        assertThat(cited(vector -> vector.has("refused"))).containsAll(refusing);
    }

    @Test
    void everyRuleOfTheExchangeHasATest() {
        assertThat(union(cited(vector -> true), tags())).containsAll(ofKind("P-"));
    }

    @Test
    void nothingIsHeldAgainstARuleThatThereIsNot() {
        assertThat(RULES).containsAll(tags()).containsAll(cited(vector -> true));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> union = new TreeSet<>(one);
        union.addAll(other);
        return union;
    }

    /** The rules that vectors name. */
    private static Set<String> cited(Predicate<JsonNode> which) {
        try (Stream<Path> files = Files.list(Vectors.SPEC.resolve("vectors"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .flatMap(name -> elements(Vectors.file(name).get("cases")))
                    .filter(which)
                    .flatMap(vector -> elements(vector.get("rules")))
                    .map(JsonNode::textValue)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rules that tests are tagged with. */
    private static Set<String> tags() {
        return testSources()
                .flatMap(source -> TAG.matcher(text(source)).results())
                .map((MatchResult tag) -> tag.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Path> testSources() {
        try (Stream<Path> modules = Files.list(PROJECT)) {
            List<Path> tests = modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
            return tests.stream().flatMap(CoverageTest::sources);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> sources(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
