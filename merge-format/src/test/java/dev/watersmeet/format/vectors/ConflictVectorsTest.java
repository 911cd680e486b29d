package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.vectors.Vectors.elements;
import static dev.watersmeet.format.vectors.Vectors.state;
import static dev.watersmeet.format.vectors.Vectors.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.Conflict;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of what an application is told of when edits meet. */
class ConflictVectorsTest {
    @TestFactory
    Stream<DynamicTest> conflicts() {
        return Vectors.cases("conflicts.json", vector -> {
            List<Conflict> found = Conflict.between(
                    state(vector.get("delivered")), state(vector.get("pending")), state(vector.get("arrived")));
            List<JsonNode> expected = elements(vector.get("expected")).toList();
            assertThat(found)
                    .isEqualTo(
                            expected.stream().map(ConflictVectorsTest::conflict).toList());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i).isWon())
                        .isEqualTo(expected.get(i).get("winner").textValue().equals("mine"));
            }
        });
    }

    private static Conflict conflict(JsonNode node) {
        return new Conflict(Path.of(value(node.get("path"))), cell(node.get("mine")), cell(node.get("theirs")));
    }

    /** A cell without its path. */
    private static Cell cell(JsonNode node) {
        Stamp stamp = Stamp.parse(node.get(0).textValue());
        return new Cell(stamp, node.get(1).intValue() == 1, node.has(2) ? value(node.get(2)) : null);
    }
}
