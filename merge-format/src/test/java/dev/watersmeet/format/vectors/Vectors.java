package dev.watersmeet.format.vectors;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.JsonReader;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;

/** The cases of {@code spec/vectors}, which the implementation in TypeScript reads, too. */
final class Vectors {
    static final java.nio.file.Path SPEC = java.nio.file.Path.of("..", "spec");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    static JsonNode file(String name) {
        try {
            return JSON.readTree(Files.readString(SPEC.resolve("vectors").resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A test for each case of a file. */
    static Stream<DynamicTest> cases(String file, Consumer<JsonNode> check) {
        return elements(file(file).get("cases"))
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").textValue(), () -> check.accept(vector)));
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** The bytes of a JSON text. Lone surrogates have no bytes of their own: they travel as escapes. */
    static byte[] utf8(String json) {
        StringBuilder text = new StringBuilder();
        json.codePoints().forEach(point -> {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                text.append(String.format("\\u%04x", point));
            } else {
                text.appendCodePoint(point);
            }
        });
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static void assertRefused(ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(MalformedException.class);
    }

    static Value value(JsonNode node) {
        return Value.parse(node.toString());
    }

    static Path path(JsonNode cell) {
        return JsonReader.of(cell.get(0).toString()).path();
    }

    static Cell cell(JsonNode cell) {
        return new Cell(
                Stamp.parse(cell.get(1).textValue()),
                cell.get(2).intValue() == 1,
                cell.has(3) ? value(cell.get(3)) : null);
    }

    static DocumentState state(JsonNode cells) {
        DocumentState state = DocumentState.empty();
        elements(cells).forEach(cell -> state.join(path(cell), cell(cell)));
        return state;
    }

    static CollectionSchema schema(JsonNode node) {
        return Schema.parse("{\"collections\":{\"c\":" + node + "}}").collection("c");
    }
}
