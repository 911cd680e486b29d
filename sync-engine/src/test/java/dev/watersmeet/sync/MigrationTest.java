package dev.watersmeet.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.FieldMigration.Unconverted;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.store.memory.MemoryStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields whose types change. */
class MigrationTest {
    private static final String SPACE = "shop-7";

    private final MemoryStore store = MemoryStore.empty();
    private final Map<String, Unconverted> left = new LinkedHashMap<>();

    private static Schema schema(Map<String, FieldType> fields) {
        return Schema.empty().with("todos", CollectionSchema.of(fields));
    }

    private static Schema schema(String type) {
        return schema(Map.of("field", FieldType.parse(type)));
    }

    private Space space(Schema schema) {
        return SyncEngine.on(store).schema(schema).open().space(SPACE);
    }

    private Documents todos(Schema schema) {
        return space(schema).collection("todos");
    }

    private MigrationReport migrate(Schema from, Schema to) {
        left.clear();
        return space(to).migrate(from, (document, value) -> left.put(text(document), value));
    }

    private static String text(DocumentId document) {
        return String.valueOf(document.id().toJava());
    }

    private Value field(Schema schema, String id) {
        return todos(schema).get(id).orElseThrow().fields().get("field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "register | set | [\"a\",\"b\"] | [\"a\",\"b\"]",
                "register | counter | 7 | 7",
                "register | flag | true | true",
                "register | map | {\"a\":{\"b\":1}} | {\"a\":{\"b\":1}}",
                "register | multi | \"x\" | \"x\"",
                "set | register | [\"a\",\"b\"] | [\"a\",\"b\"]",
                "counter | register | 7 | 7",
                "flag | register | true | true",
                "map | register | {\"a\":{\"b\":1}} | {\"a\":{\"b\":1}}",
                "multi | register | \"x\" | \"x\"",
                "multi | counter | 7 | 7",
                "counter | multi | 7 | 7",
                "flag | set | true | [true]",
            })
    void aValueIsTakenOverAndStaysThenToo(String from, String to, String before, String after) {
        todos(schema(from)).put("1", Map.of("field", Value.parse(before), "title", "kept"));
        MigrationReport report = migrate(schema(from), schema(to));
        assertThat(report.unconverted()).isZero();
        assertThat(field(schema(to), "1")).isEqualTo(Value.parse(after));
        assertThat(todos(schema(to)).get("1").orElseThrow().fields().get("title"))
                .isEqualTo(Value.of("kept"));
        String head = store.head(space(schema(to)).id()).text();
        assertThat(migrate(schema(from), schema(to)).migrated()).isZero();
        assertThat(store.head(space(schema(to)).id()).text())
                .as("what a second run writes")
                .isEqualTo(head);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "register | set | \"a\"",
                "register | counter | \"7\"",
                "register | flag | 1",
                "register | map | [1]",
                "set | counter | [1]",
                "map | set | {\"a\":1}",
            })
    void aValueThatTheNewTypeCannotHoldIsToldLeftAndCounted(String from, String to, String value) {
        todos(schema(from)).put("1", Map.of("field", Value.parse(value)));
        for (int run = 0; run < 2; run++) {
            assertThat(migrate(schema(from), schema(to))).isEqualTo(new MigrationReport(1, 0, 1));
            assertThat(left.get("1").value()).isEqualTo(Value.parse(value));
            assertThat(left.get("1").to().text()).isEqualTo(to);
            assertThat(left.get("1").reason()).isNotBlank();
        }
        assertThat(field(schema(from), "1")).isEqualTo(Value.parse(value));
    }

    @Test
    void oneFieldThatDoesNotConvertHoldsUpNoOther() {
        Schema from = schema(Map.of());
        Schema to = schema(Map.of("tags", FieldType.SET, "votes", FieldType.COUNTER));
        todos(from).put("1", Map.of("tags", "none", "votes", 3));
        assertThat(migrate(from, to)).isEqualTo(new MigrationReport(1, 1, 1));
        assertThat(todos(to).get("1").orElseThrow().fields()).containsEntry("votes", Value.of(3));
        assertThat(left.get("1").field()).isEqualTo("tags");
    }

    @Test
    void severalValuesThatNobodyHasChosenFromAreLeft() {
        Schema from = schema("multi");
        todos(from).put("1", Map.of("field", Map.of("$conflict", List.of("x", "y"))));
        assertThat(migrate(from, schema("register")).unconverted()).isEqualTo(1);
        assertThat(left.get("1").reason()).contains("chosen");
    }

    @Test
    void whatWasWrittenUnderTheNewTypeMeanwhileStands() {
        todos(schema("register")).put("1", Map.of("field", List.of("old")));
        todos(schema("set")).edit("1", todo -> todo.put("field", List.of("new")));
        migrate(schema("register"), schema("set"));
        assertThat(field(schema("set"), "1").elements()).containsExactlyInAnyOrder(Value.of("new"), Value.of("old"));

        todos(schema("set")).put("2", Map.of("field", List.of("old")));
        todos(schema("register")).edit("2", todo -> todo.put("field", "new"));
        assertThat(migrate(schema("set"), schema("register")).unconverted()).isEqualTo(1);
        assertThat(field(schema("register"), "2")).isEqualTo(Value.of("new"));
    }

    @Test
    void whatWasTakenAwaySinceDoesNotComeBackWithASecondRun() {
        todos(schema("register")).put("1", Map.of("field", List.of("a")));
        migrate(schema("register"), schema("set"));
        todos(schema("set")).edit("1", todo -> todo.put("field", List.of()));
        migrate(schema("register"), schema("set"));
        assertThat(field(schema("set"), "1").elements()).isEmpty();
    }

    @Test
    void deadDocumentsAndOtherCollectionsArePassedBy() {
        Space old = space(schema("register"));
        old.collection("todos").put("1", Map.of("field", List.of("a")));
        old.collection("todos").delete("1");
        old.collection("notes").put("1", Map.of("field", List.of("a")));
        assertThat(migrate(schema("register"), schema("set"))).isEqualTo(new MigrationReport(1, 0, 0));
        assertThat(todos(schema("set")).get("1")).isEmpty();
    }

    @Test
    void aRunThatWasInterruptedIsGoneOnWith() {
        int count = 2 * FormatLimits.PAGE_CELLS / 2; // of two cells each
        Documents before = todos(schema("register"));
        for (int i = 0; i < count; i++) {
            before.put(Integer.toString(i), Map.of("field", i % 1_000 == 999 ? "not a number" : i));
        }
        long[] told = {0};
        assertThatThrownBy(() -> space(schema("counter")).migrate(schema("register"), (document, value) -> {
                    if (++told[0] > 3) {
                        throw new IllegalStateException("the process ends");
                    }
                }))
                .hasMessage("the process ends");

        MigrationReport rest = migrate(schema("register"), schema("counter"));

        assertThat(rest.documents()).as("the documents of the run that goes on").isLessThan(count);
        for (int i = 0; i < count; i++) {
            Value expected = i % 1_000 == 999 ? Value.of(0) : Value.of(i);
            assertThat(field(schema("counter"), Integer.toString(i))).isEqualTo(expected);
        }
        assertThat(migrate(schema("register"), schema("counter")))
                .isEqualTo(new MigrationReport(count, 0, count / 1_000));
    }
}
