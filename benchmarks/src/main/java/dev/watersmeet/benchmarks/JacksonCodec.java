package dev.watersmeet.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The same cells as an array of flat JSON objects, by Jackson's streaming API: from ready texts, and into texts, without a check of what they say. */
final class JacksonCodec implements Codec {
    private record PlainCell(String collection, String id, String field, String stamp, String value) {}

    private final JsonFactory json = new JsonFactory();
    private final List<PlainCell> cells = new ArrayList<>();

    JacksonCodec(int documents) {
        Writer writer = new Writer();
        for (int document = 0; document < documents; document++) {
            for (int field = 0; field < Keys.FIELDS; field++) {
                String stamp = writer.stamp().toString();
                cells.add(new PlainCell("todos", Integer.toString(document), Keys.field(field), stamp, Keys.VALUE));
            }
        }
    }

    @Override
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartArray();
            for (PlainCell cell : cells) {
                out.writeStartObject();
                out.writeStringField("c", cell.collection());
                out.writeStringField("d", cell.id());
                out.writeStringField("f", cell.field());
                out.writeStringField("s", cell.stamp());
                out.writeStringField("v", cell.value());
                out.writeEndObject();
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public int decode(byte[] bytes) {
        List<PlainCell> read = new ArrayList<>();
        try (JsonParser in = json.createParser(bytes)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.START_OBJECT) {
                read.add(cell(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read.size();
    }

    private static PlainCell cell(JsonParser in) throws IOException {
        String collection = "";
        String id = "";
        String field = "";
        String stamp = "";
        String value = "";
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            String text = in.nextTextValue();
            switch (name) {
                case "c" -> collection = text;
                case "d" -> id = text;
                case "f" -> field = text;
                case "s" -> stamp = text;
                case "v" -> value = text;
                default -> throw new IllegalStateException("no such member: " + name);
            }
        }
        return new PlainCell(collection, id, field, stamp, value);
    }
}
