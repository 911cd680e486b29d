package dev.watersmeet.crdt.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of the guide {@code docs/prove-a-type.md} are parts of the test of the example. */
class ProveATypeGuideTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SPACE = Pattern.compile("\\s+");

    @Test
    void everyExampleIsPartOfTheTest() throws IOException {
        String test = Files.readString(Path.of("src/test/java/dev/watersmeet/crdt/example/MaximumTest.java"));
        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("../docs/prove-a-type.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(examples).hasSize(2);
        assertThat(examples).allSatisfy(example -> assertThat(spaced(test)).contains(spaced(example)));
    }

    private static String spaced(String text) {
        return SPACE.matcher(text).replaceAll(" ");
    }
}
