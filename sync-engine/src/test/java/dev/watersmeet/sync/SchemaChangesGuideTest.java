package dev.watersmeet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The example of the guide {@code docs/schema-changes.md}, which is a part of this file. */
class SchemaChangesGuideTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Logger log = LoggerFactory.getLogger(SchemaChangesGuideTest.class);

    private final Store store = MemoryStore.empty();

    private static MigrationReport migrate(Store store) {
        Schema former = Schema.parse("{\"collections\":{\"todos\":{\"fields\":{}}}}");
        Schema next =
                Schema.parse("{\"collections\":{\"todos\":{\"fields\":{\"tags\":\"set\",\"votes\":\"counter\"}}}}");

        SyncEngine engine = SyncEngine.on(store).schema(next).open();
        MigrationReport report = engine.space("shop-7")
                .migrate(
                        former,
                        (document, left) -> log.warn(
                                "{}: the {} {} is no {}: {}",
                                document,
                                left.field(),
                                left.value(),
                                left.to().text(),
                                left.reason()));
        return report;
    }

    @Test
    void theExampleDoesWhatTheGuideSays() {
        Documents before = SyncEngine.on(store).open().space("shop-7").collection("todos");
        before.put("t1", Map.of("title", "nails", "tags", List.of("red"), "votes", 3));
        before.put("t2", Map.of("title", "glue", "votes", "7"));

        assertThat(migrate(store)).isEqualTo(new MigrationReport(2, 1, 1));

        Schema next =
                Schema.parse("{\"collections\":{\"todos\":{\"fields\":{\"tags\":\"set\",\"votes\":\"counter\"}}}}");
        Documents after =
                SyncEngine.on(store).schema(next).open().space("shop-7").collection("todos");
        after.edit("t1", todo -> todo.put("votes", 4));
        assertThat(after.get("t1"))
                .contains(Value.record(Map.of("title", "nails", "tags", List.of("red"), "votes", 4)));
        assertThat(after.get("t2")).contains(Value.record(Map.of("title", "glue", "tags", List.of(), "votes", 0)));
        assertThat(before.get("t2").orElseThrow().fields()).containsEntry("votes", Value.of("7"));
    }

    @Test
    void theExampleIsPartOfThisFile() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/watersmeet/sync/SchemaChangesGuideTest.java"));
        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("../docs/schema-changes.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(examples).hasSize(1);
        assertThat(spaced(source)).contains(spaced(examples.get(0)));
    }

    /** Without white space, which the formatter puts where it likes. */
    private static String spaced(String text) {
        return SPACE.matcher(text).replaceAll("");
    }
}
