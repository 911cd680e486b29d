package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.vectors.Vectors.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Schema;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of schemas. */
class SchemaVectorsTest {
    @TestFactory
    Stream<DynamicTest> schemas() {
        return Vectors.cases("schemas.json", vector -> {
            String json = vector.get("schema").textValue();
            if (vector.has("refused")) {
                assertRefused(() -> Schema.parse(json));
                return;
            }
            Schema schema = Schema.parse(json);
            assertThat(schema.toJson()).isEqualTo(vector.get("expected").textValue());
            assertThat(Schema.parse(schema.toJson())).isEqualTo(schema);
        });
    }
}
