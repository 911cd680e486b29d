package dev.watersmeet.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON object of the merge format while it is written. */
final class JsonOutput {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator generator;

    private JsonOutput(JsonGenerator generator) {
        this.generator = generator;
    }

    /** Writes something. */
    @FunctionalInterface
    interface Part {
        void write() throws IOException;
    }

    /** Writes the members of an object. */
    @FunctionalInterface
    interface Members {
        void write(JsonOutput output) throws IOException;
    }

    /** The bytes of an object with the given members. */
    static byte[] object(Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
            generator.writeStartObject();
            members.write(new JsonOutput(generator));
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is nothing to fail at in memory
        }
        return bytes.toByteArray();
    }

    void number(String name, long number) throws IOException {
        generator.writeNumberField(name, number);
    }

    void flag(String name, boolean flag) throws IOException {
        generator.writeBooleanField(name, flag);
    }

    /** Writes a string, in the canonical form that lone surrogates survive (M-4). */
    void string(String name, @Nullable String text) throws IOException {
        generator.writeFieldName(name);
        raw(Value.of(text));
    }

    private void raw(Value value) throws IOException {
        generator.writeRawValue(value.text());
    }

    void numbers(String name, int... numbers) throws IOException {
        generator.writeFieldName(name);
        generator.writeArray(numbers, 0, numbers.length);
    }

    void nothing(String name) throws IOException {
        generator.writeNullField(name);
    }

    void object(String name, Part members) throws IOException {
        generator.writeObjectFieldStart(name);
        members.write();
        generator.writeEndObject();
    }

    <T> void array(String name, List<T> elements, Element<T> element) throws IOException {
        generator.writeArrayFieldStart(name);
        for (T one : elements) {
            generator.writeStartObject();
            element.write(one);
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    /** Writes the members of an object in an array. */
    @FunctionalInterface
    interface Element<T> {
        void write(T element) throws IOException;
    }

    void id(DocumentId id) throws IOException {
        string("collection", id.collection());
        generator.writeFieldName("id");
        raw(id.id());
    }

    void document(DocumentCells document) throws IOException {
        id(document.id());
        generator.writeArrayFieldStart("cells");
        for (var entry : document.cells().cells().entrySet()) {
            cell(entry.getKey(), entry.getValue());
        }
        generator.writeEndArray();
    }

    private void cell(Path path, Cell cell) throws IOException { // M-22
        generator.writeStartArray();
        generator.writeRawValue(path.text());
        generator.writeString(cell.stamp().toString());
        generator.writeNumber(cell.removed() ? 1 : 0);
        if (cell.value() != null) {
            raw(cell.value());
        }
        generator.writeEndArray();
    }
}
