package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a schema says of itself; what is accepted and refused is in {@code spec/vectors/schemas.json}. */
class SchemaTest {
    private static void assertRefused(String collection, String message) {
        assertThatThrownBy(() -> Schema.parse("{\"collections\":{\"todos\":" + collection + "}}"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aRefusalNamesTheMember() {
        assertRefused(
                "{\"fields\":{\"tags\":\"list\"}}", "collections.todos.fields.tags: a type is one of register, set");
        assertRefused("{\"fields\":{},\"delition\":\"add-wins\"}", "collections.todos has no member \"delition\"");
        assertRefused("{\"fields\":{},\"deletion\":\"never\"}", "collections.todos.deletion: a policy of deletion");
        assertRefused("{\"fields\":{\"a\":\"set\"},\"local\":[\"a\"]}", "collections.todos: a local field has no type");
        assertRefused("{\"fields\":{},\"local\":[1]}", "collections.todos.local is a string");
        assertRefused("{}", "collections.todos has a member fields");
    }

    @Test
    void aSchemaMadeInJavaIsThatOfItsJson() {
        CollectionSchema todos =
                new CollectionSchema(Map.of("tags", FieldType.SET), DeletionPolicy.LAST_WRITER_WINS, Set.of("draft"));
        Schema schema = Schema.empty().with("todos", todos);
        assertThat(schema.toJson())
                .isEqualTo(
                        "{\"collections\":{\"todos\":{\"deletion\":\"last-writer-wins\",\"fields\":{\"tags\":\"set\"},"
                                + "\"local\":[\"draft\"]}}}");
        assertThat(Schema.parse(schema.toJson())).isEqualTo(schema);
        assertThat(CollectionSchema.of(Map.of("tags", FieldType.SET))
                        .withLocal("draft")
                        .with(DeletionPolicy.LAST_WRITER_WINS))
                .isEqualTo(todos);
        assertThat(schema.collection("other")).isEqualTo(CollectionSchema.REGISTERS);
        assertThat(schema.declares("other")).isFalse();
    }
}
