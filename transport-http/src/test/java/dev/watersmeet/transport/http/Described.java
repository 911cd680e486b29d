package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What {@code spec/openapi.yaml} and {@code spec/messages.schema.json} say, held against requests and answers. Thread-safe. */
final class Described {
    static final Path API = Path.of("../spec/openapi.yaml");

    /** Larger messages hold more of the same. */
    private static final int CHECKED_BYTES = 64 << 10;

    private static final String MESSAGES = "urn:watersmeet:messages";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode DOCUMENT = read(new YAMLMapper(), API);
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(
                    loaders -> loaders.schemas(Map.of(MESSAGES, text(Path.of("../spec/messages.schema.json"))))));
    private static final Map<String, JsonSchema> LOADED = new ConcurrentHashMap<>();

    private Described() {}

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The description of the interface. */
    static JsonNode document() {
        return DOCUMENT;
    }

    /** What is wrong with a message, by the schema of a name; empty if nothing is. */
    static String wrong(String schema, JsonNode message) {
        return LOADED
                .computeIfAbsent(schema, name -> SCHEMAS.getSchema(SchemaLocation.of(MESSAGES + "#/$defs/" + name)))
                .validate(message)
                .stream()
                .map(String::valueOf)
                .collect(Collectors.joining("\n"));
    }

    /** Checks a message against the schema of a name. */
    static void check(String schema, byte[] message) {
        try {
            assertThat(wrong(schema, JSON.readTree(message)))
                    .as("the message by the schema %s", schema)
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks a request of an operation that was answered well. */
    static void checkRequest(String method, String path, byte[] body) {
        JsonNode content = resolved(operation(method, path).path("requestBody")).path("content");
        checkContent(content, "application/json", body);
    }

    /** Checks an answer: that the operation has its status, its type and its headers, and its schema allows what it says. */
    static void checkAnswer(String method, String path, int status, HttpHeaders headers, byte[] body) {
        JsonNode operation = operation(method, path);
        if (method.equals("HEAD") || path.contains("//")) {
            return; // no body, and no path of ours
        }
        if (operation.isMissingNode()) {
            assertThat(status).as("the status of %s %s", method, path).isIn(404, 405, 400);
            check("Problem", body);
            return;
        }
        JsonNode response = resolved(operation.path("responses").path(Integer.toString(status)));
        assertThat(response.isMissingNode())
                .as("whether the status %s of %s %s is undescribed", status, method, path)
                .isFalse();
        response.path("headers").fieldNames().forEachRemaining(name -> assertThat(headers.firstValue(name))
                .as("the header %s of %s %s", name, method, path)
                .isPresent());
        if (response.path("content").isMissingNode()) {
            assertThat(body).as("the body of %s %s", method, path).isEmpty();
            return;
        }
        String type = headers.firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        assertThat(response.path("content").has(type))
                .as("whether the type %s of %s %s is described", type, method, path)
                .isTrue();
        boolean compressed = headers.firstValue("Content-Encoding").isPresent();
        if (!compressed && type.endsWith("json")) {
            checkContent(response.path("content"), type, body);
        }
    }

    private static void checkContent(JsonNode content, String type, byte[] body) {
        String reference = content.path(type).path("schema").path("$ref").textValue();
        assertThat(reference).as("the schema of %s", type).isNotNull();
        boolean halves =
                new String(body, StandardCharsets.UTF_8).contains("\\ud"); // of surrogates, which Jackson refuses
        if (body.length <= CHECKED_BYTES && !halves) {
            check(reference.substring(reference.lastIndexOf('/') + 1), body);
        }
    }

    private static JsonNode operation(String method, String path) {
        String template = template(path);
        return template == null
                ? DOCUMENT.path("nothing")
                : DOCUMENT.path("paths").path(template).path(method.toLowerCase(Locale.ROOT));
    }

    private static @Nullable String template(String path) {
        return new TreeSet<>(StreamSupport.stream(
                                ((Iterable<String>) () -> DOCUMENT.path("paths").fieldNames()).spliterator(), false)
                        .toList())
                .stream()
                        .filter(template -> path.matches(base(template) + template.replace("{space}", "[^/]+")))
                        .findFirst()
                        .orElse(null);
    }

    /** Where a path begins: where its own server says, or that of all. */
    private static String base(String template) {
        JsonNode own = DOCUMENT.path("paths").path(template).at("/servers/0/url");
        String url = own.isMissingNode() ? DOCUMENT.at("/servers/0/url").textValue() : own.textValue();
        return url.equals("/") ? "" : url;
    }

    private static JsonNode resolved(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isMissingNode()
                ? node
                : DOCUMENT.at(reference.textValue().substring(1));
    }
}
