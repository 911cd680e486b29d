package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.vectors.DocumentVectorsTest.assertShows;
import static dev.watersmeet.format.vectors.DocumentVectorsTest.edit;
import static dev.watersmeet.format.vectors.Vectors.elements;
import static dev.watersmeet.format.vectors.Vectors.schema;
import static dev.watersmeet.format.vectors.Vectors.state;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.Document;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Restamping;
import dev.watersmeet.crdt.Stamp;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of what a client holds, delivered and pending. */
class LayerVectorsTest {
    @TestFactory
    Stream<DynamicTest> layers() {
        return Vectors.cases("layers.json", vector -> {
            CollectionSchema schema = schema(vector.get("schema"));
            Document document = Document.empty();
            elements(vector.get("steps")).forEach(step -> take(step, document, schema));
            JsonNode expected = vector.get("expected");
            assertThat(document.delivered())
                    .isEqualTo(state(expected.get("delivered")).cells());
            assertThat(document.pending())
                    .isEqualTo(state(expected.get("pending")).cells());
            assertShows(document.joined(), schema, expected);
        });
    }

    private static void take(JsonNode step, Document document, CollectionSchema schema) {
        if (step.has("receive")) {
            document.receive(state(step.get("receive")));
        } else if (step.has("send")) {
            assertThat(document.send()).isEqualTo(state(step.get("send")));
        } else if (step.has("settle")) {
            document.settle();
        } else if (step.has("reject")) {
            document.reject();
        } else if (step.has("resync")) {
            document.replaceDelivered(state(step.get("resync")));
        } else if (step.has("twin")) {
            JsonNode twin = step.get("twin");
            document.restamp(Restamping.to(
                    ReplicaId.parse(twin.get("from").textValue()),
                    ReplicaId.parse(twin.get("to").textValue()),
                    Stamp.parse(twin.get("seen").textValue())));
        } else {
            document.edit(edit(step, schema, document.joined()));
        }
    }
}
