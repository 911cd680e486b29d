package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values are bounded one by one; what they add up to by merging is read all the same. */
class LargeRecordTest {
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final Stamp STAMP = Stamp.of(1, 0, REPLICA);

    @Test
    void aFieldThatNestsTooDeepIsRefusedWhereItIsPut() {
        Value deep = Value.of(1);
        for (int level = 0; level <= Value.MAX_DEPTH; level++) {
            deep = Value.record(
                    Map.of("a", deep)); // a record may nest as deep as it likes: a map keeps its leaves only
        }
        Value record = Value.record(Map.of("a", deep));
        Value elements = Value.record(Map.of("tags", Value.joined(List.of(deep))));
        CollectionSchema schema = CollectionSchema.of(Map.of("tags", FieldType.SET));
        assertThatThrownBy(() -> Records.put(DocumentState.empty(), schema, STAMP, record))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("64 levels");
        assertThatThrownBy(() -> Records.put(DocumentState.empty(), schema, STAMP, elements))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("64 levels");
    }

    @Test
    void aRecordMayBeLargerThanAValue() {
        Value half = Value.of("x".repeat(Value.MAX_BYTES * 2 / 3));
        DocumentState state = Records.put(
                DocumentState.empty(), CollectionSchema.REGISTERS, STAMP, Value.record(Map.of("a", half, "b", half)));

        Value record = Records.read(state, CollectionSchema.REGISTERS).orElseThrow();

        assertThat(record.bytes()).isGreaterThan(Value.MAX_BYTES);
        assertThat(record.fields()).isEqualTo(Map.of("a", half, "b", half));
    }

    @Test
    void theDeepestValueIsReadAsAFieldAndAsAnElement() {
        Value deepest = Value.parse("[".repeat(Value.MAX_DEPTH) + "]".repeat(Value.MAX_DEPTH));
        CollectionSchema schema = CollectionSchema.of(Map.of("tags", FieldType.SET));
        DocumentState state = DocumentState.empty();
        state.join(Path.existence(REPLICA), Cell.live(STAMP));
        state.join(Path.register("a"), Cell.live(STAMP, deepest));
        state.join(Path.element("tags", deepest, REPLICA), Cell.live(STAMP));

        Map<String, Value> fields = Records.read(state, schema).orElseThrow().fields();

        assertThat(fields.get("a")).isEqualTo(deepest);
        assertThat(fields.get("tags").elements()).isEqualTo(List.of(deepest));
    }

    @Test
    void theDeepestElementIsReadBackFromTheTextOfItsPath() {
        Value deepest = Value.parse("[".repeat(Value.MAX_DEPTH) + "]".repeat(Value.MAX_DEPTH));
        Path path = Path.element("tags", deepest, REPLICA);

        assertThat(Path.parse(path.text())).isEqualTo(path);
        assertThat(Path.parse(path.text()).element()).isEqualTo(deepest);
    }
}
