package dev.watersmeet.format.vectors;

import static dev.watersmeet.format.vectors.Vectors.assertRefused;
import static dev.watersmeet.format.vectors.Vectors.cell;
import static dev.watersmeet.format.vectors.Vectors.elements;
import static dev.watersmeet.format.vectors.Vectors.path;
import static dev.watersmeet.format.vectors.Vectors.schema;
import static dev.watersmeet.format.vectors.Vectors.state;
import static dev.watersmeet.format.vectors.Vectors.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.ProblemException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of documents, cells, reading and writing. */
class DocumentVectorsTest {
    @TestFactory
    Stream<DynamicTest> documents() {
        return Vectors.cases("documents.json", vector -> {
            if (vector.has("id")) {
                id(vector);
            } else if (vector.has("collection")) {
                collection(vector);
            } else {
                document(vector);
            }
        });
    }

    private static void id(JsonNode vector) {
        if (vector.has("refused")) {
            assertRefused(() -> new DocumentId("c", value(vector.get("id"))));
        } else {
            assertThat(new DocumentId("c", value(vector.get("id"))).id())
                    .hasToString(vector.get("expected").textValue());
        }
    }

    private static void collection(JsonNode vector) {
        byte[] page = page("{\"collection\":" + vector.get("collection") + ",\"id\":\"a\",\"cells\":[]}");
        if (vector.has("refused")) {
            assertThatThrownBy(() -> MergeFormat.readPage(page)).isInstanceOf(ProblemException.class);
        } else {
            assertThat(MergeFormat.readPage(page).documents())
                    .extracting(document -> document.id().collection())
                    .containsExactly(vector.get("expected").textValue());
        }
    }

    private static void document(JsonNode vector) {
        byte[] page = page(vector.get("document").toString());
        if (vector.has("refused")) {
            assertThatThrownBy(() -> MergeFormat.readPage(page)).isInstanceOf(ProblemException.class);
            return;
        }
        JsonNode expected = vector.get("expected");
        DocumentId id = new DocumentId(expected.get("collection").textValue(), value(expected.get("id")));
        List<DocumentCells> documents = List.of(new DocumentCells(id, state(expected.get("cells"))));
        assertThat(MergeFormat.readPage(page)).isEqualTo(new Page(documents, "c", false));
    }

    private static byte[] page(String document) {
        return Vectors.utf8("{\"documents\":[" + document + "],\"cursor\":\"c\",\"more\":false}");
    }

    @TestFactory
    Stream<DynamicTest> cells() {
        return Vectors.cases("cells.json", vector -> {
            if (vector.has("states")) {
                List<JsonNode> states = elements(vector.get("states")).toList();
                DocumentState forwards = DocumentState.empty();
                states.forEach(state -> forwards.join(state(state)));
                DocumentState backwards = DocumentState.empty();
                for (int i = states.size() - 1; i >= 0; i--) {
                    backwards.join(state(states.get(i)));
                }
                assertThat(forwards).isEqualTo(state(vector.get("expected"))).isEqualTo(backwards);
            } else {
                winner(vector);
            }
        });
    }

    private static void winner(JsonNode vector) {
        Cell one = cell(vector.get("one"));
        Cell other = cell(vector.get("other"));
        int order = Integer.signum(one.compareTo(other));
        int expected =
                switch (vector.get("expected").textValue()) {
                    case "one" -> 1;
                    case "other" -> -1;
                    default -> 0;
                };
        assertThat(order).isEqualTo(expected);
        assertThat(Integer.signum(other.compareTo(one))).isEqualTo(-expected);
        assertThat(path(vector.get("one"))).isEqualTo(path(vector.get("other")));
    }

    @TestFactory
    Stream<DynamicTest> read() {
        return Vectors.cases(
                "read.json",
                vector ->
                        assertShows(state(vector.get("cells")), schema(vector.get("schema")), vector.get("expected")));
    }

    /** The record of a dead document is the one that it shows when it is brought back. */
    static void assertShows(DocumentState state, CollectionSchema schema, JsonNode expected) {
        assertThat(state.alive()).isEqualTo(expected.get("alive").booleanValue());
        DocumentState revived = state.copy();
        revived.join(
                Path.existence(new ReplicaId(-1)),
                Cell.live(Stamp.of(Stamp.MAX_MILLIS, Stamp.MAX_COUNTER, new ReplicaId(-1))));
        assertThat(Records.read(state.alive() ? state : revived, schema)).contains(value(expected.get("record")));
    }

    @TestFactory
    Stream<DynamicTest> diff() {
        return Vectors.cases("diff.json", vector -> {
            if (vector.has("refused")) {
                assertRefused(() -> edit(vector, state(vector.get("stands"))));
            } else {
                assertThat(edit(vector, state(vector.get("stands")))).isEqualTo(state(vector.get("expected")));
            }
        });
    }

    /** What a step of a vector writes: a put or a deletion, by the step's stamp. */
    private static DocumentState edit(JsonNode vector, DocumentState stands) {
        return edit(vector, schema(vector.get("schema")), stands);
    }

    static DocumentState edit(JsonNode step, CollectionSchema schema, DocumentState stands) {
        Stamp stamp = Stamp.parse(step.get("stamp").textValue());
        if (step.has("delete")) {
            return Records.delete(stands, schema, stamp);
        }
        Value read = step.has("read") ? value(step.get("read")) : null;
        return Records.put(stands, schema, stamp, value(step.get("put")), read);
    }
}
