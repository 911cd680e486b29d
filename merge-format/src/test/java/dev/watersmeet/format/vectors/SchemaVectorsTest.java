package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.vectors.Vectors.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.SchemaDifference;
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

    @TestFactory
    Stream<DynamicTest> fingerprints() {
        return Vectors.cases("fingerprints.json", vector -> assertThat(
                        Schema.parse(vector.get("schema").textValue()).fingerprint())
                .isEqualTo(vector.get("expected").textValue()));
    }

    @TestFactory
    Stream<DynamicTest> differences() {
        return Vectors.cases("differences.json", vector -> {
            Schema own = Schema.parse(vector.get("own").toString());
            Schema server = Schema.parse(vector.get("server").toString());
            assertThat(own.differencesFrom(server))
                    .containsExactlyElementsOf(Vectors.elements(vector.get("expected"))
                            .map(each -> new SchemaDifference(
                                    each.get("collection").textValue(),
                                    each.get("field").textValue(),
                                    each.get("own").textValue(),
                                    each.get("server").textValue()))
                            .toList());
        });
    }
}
