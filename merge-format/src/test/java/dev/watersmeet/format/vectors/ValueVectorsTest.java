package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.vectors.Vectors.assertRefused;
import static dev.watersmeet.format.vectors.Vectors.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of stamps, values and paths. */
class ValueVectorsTest {
    @TestFactory
    Stream<DynamicTest> stamps() {
        return Vectors.cases("stamps.json", ValueVectorsTest::stamp);
    }

    private static void stamp(JsonNode vector) {
        String expected = vector.path("expected").asText();
        if (vector.has("refused")) {
            assertRefused(() -> parseRefused(vector));
        } else if (vector.has("stamps")) {
            assertThat(elements(vector.get("stamps"))
                            .map(text -> Stamp.parse(text.textValue()))
                            .sorted()
                            .map(Stamp::toString))
                    .isEqualTo(elements(vector.get("expected"))
                            .map(JsonNode::textValue)
                            .toList());
        } else if (vector.has("bits")) {
            bits(vector.get("bits").textValue(), expected);
        } else {
            Stamp stamp = Stamp.of(
                    vector.get("millis").longValue(),
                    vector.get("counter").intValue(),
                    ReplicaId.parse(vector.get("replica").textValue()));
            assertThat(stamp).hasToString(expected).isEqualTo(Stamp.parse(expected));
        }
    }

    private static void parseRefused(JsonNode vector) {
        if (vector.has("replica")) {
            ReplicaId.parse(vector.get("replica").textValue());
        } else {
            Stamp.parse(vector.get("stamp").textValue());
        }
    }

    private static void bits(String hexadecimal, String expected) {
        if (hexadecimal.length() == 16) {
            ReplicaId replica = new ReplicaId(Long.parseUnsignedLong(hexadecimal, 16));
            assertThat(replica).hasToString(expected).isEqualTo(ReplicaId.parse(expected));
        } else {
            Stamp stamp = new Stamp(
                    Long.parseUnsignedLong(hexadecimal.substring(0, 16), 16),
                    new ReplicaId(Long.parseUnsignedLong(hexadecimal.substring(16), 16)));
            assertThat(stamp).hasToString(expected).isEqualTo(Stamp.parse(expected));
        }
    }

    @TestFactory
    Stream<DynamicTest> values() {
        return Vectors.cases("values.json", vector -> {
            String text = vector.get("text").textValue();
            if (vector.has("refused")) {
                assertRefused(() -> Value.parse(text));
            } else {
                Value value = Value.parse(text);
                assertThat(value).hasToString(vector.get("expected").textValue());
                assertThat(Value.parse(value.text())).isEqualTo(value);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> paths() {
        return Vectors.cases("paths.json", vector -> {
            if (vector.has("refused")) {
                assertRefused(() -> Path.of(Vectors.value(vector.get("path"))));
            } else {
                String expected = vector.get("expected").textValue();
                assertThat(Path.of(Vectors.value(vector.get("path"))))
                        .hasToString(expected)
                        .isEqualTo(Path.parse(expected));
            }
        });
    }
}
