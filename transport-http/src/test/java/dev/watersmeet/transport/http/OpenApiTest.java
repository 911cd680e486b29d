package dev.watersmeet.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.watersmeet.format.FeedRequest;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.RejectionCode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The description of the HTTP interface, {@code spec/openapi.yaml}, and of the messages, {@code spec/messages.schema.json}. What the server answers in all other tests of this module is held against them, too, by {@link
 * TestServer}.
 */
@Timeout(60)
class OpenApiTest {
    private static final Path VECTORS = Path.of("../spec/vectors");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What no schema can tell: lengths in bytes and in UTF-16, surrogates, depths, and what stands in two places. */
    private static final Set<String> UNTOLD = Set.of(
            "a field that is typed and local",
            "a field that is a register by name and local",
            "a field called __proto__ that is typed and local",
            "a collection twice",
            "a field twice",
            "an element that nests 65 levels deep",
            "a string that is short in characters and long in bytes",
            "a collection of 65 astral characters",
            "a collection with a lone high surrogate",
            "a collection with a lone low surrogate",
            "a field whose escapes take it beyond 1,024 bytes",
            "a field that is short in characters and long in bytes",
            "an element of 1,025 bytes",
            "an element that is an array of 1,025 bytes",
            "a multi's value of 1,025 bytes",
            "a leaf's path of 4,097 bytes",
            "a document that is brought and withdrawn",
            "a document that is dropped and withdrawn",
            "a document that is complete and stands twice");

    @Test
    void theDescriptionIsOneOfOpenApi() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult result =
                new OpenAPIV3Parser().readLocation(Described.API.toUri().toString(), null, options);
        assertThat(result.getMessages()).isNullOrEmpty();
        assertThat(result.getOpenAPI().getPaths()).isNotEmpty();
    }

    @Test
    void itHasTheOperationsThatTheServerHasAndNoOthers() {
        Set<String> described = new TreeSet<>();
        Described.document().path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                    if (!Set.of("parameters", "servers").contains(method)) {
                        described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        Set<String> served = new TreeSet<>(Set.of("POST " + Peers.PATH));
        for (String path : List.of("", "/spaces/{space}")) {
            for (Route.Resource resource : Route.Resource.values()) {
                String whole = path + "/" + resource.name().toLowerCase(Locale.ROOT);
                Route.of(whole.replace("{space}", "shop"))
                        .ifPresent(route -> served.add(route.resource().method() + " " + whole));
            }
        }
        assertThat(described).isEqualTo(served);
    }

    @Test
    void itNamesTheCodesThatThereAre() throws IOException {
        JsonNode schemas =
                JSON.readTree(Path.of("../spec/messages.schema.json").toFile()).path("$defs");
        assertThat(codes(schemas.path("Problem")))
                .containsExactlyElementsOf(
                        Stream.of(ProblemCode.values()).map(ProblemCode::text).toList());
        assertThat(codes(schemas.path("Rejection")))
                .containsExactlyElementsOf(Stream.of(RejectionCode.values())
                        .filter(code -> code != RejectionCode.OTHER)
                        .map(RejectionCode::text)
                        .toList());
    }

    private static List<String> codes(JsonNode schema) {
        return StreamSupport.stream(schema.at("/properties/code/examples").spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    @Test
    void theEventsOfFeedsAreDescribed() throws Exception {
        TestServer server = new TestServer();
        try {
            TestReplica shop = new TestReplica(server, "shop");
            shop.snapshot();
            byte[] wanted = MergeFormat.writeFeedRequest(new FeedRequest(List.of(
                    new FeedRequest.Start("shop", shop.cursor()), new FeedRequest.Start("closed", shop.cursor()))));
            Described.checkRequest("POST", "/v1/feed", wanted);
            Events several = Events.open(
                    server,
                    server.request("/v1/feed")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(wanted)));
            Events one = Events.open(server, server.request(shop.path("changes?cursor=" + shop.cursor())));
            shop.sync(shop.put("1", Map.of("votes", 1, "tags", List.of("a"))));
            for (int i = 0; i < 3; i++) {
                Events.Event event = several.nextEvent();
                String schema = event.name().equals("changes") ? "SpaceChanges" : "SpaceProblem";
                Described.check(schema, event.data().getBytes(UTF_8));
            }
            for (int i = 0; i < 2; i++) {
                Described.check("Page", one.nextEvent().data().getBytes(UTF_8));
            }
        } finally {
            server.stop();
        }
    }

    @TestFactory
    Stream<DynamicTest> vectorsOfMessages() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        vectors(tests, "documents.json", "document", "pushedDocument");
        vectors(tests, "documents.json", "id", "id");
        vectors(tests, "documents.json", "collection", "collection");
        vectors(tests, "paths.json", "path", "path");
        vectors(tests, "pages.json", "page", "Page");
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> vectorsOfSchemas() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector :
                JSON.readTree(VECTORS.resolve("schemas.json").toFile()).path("cases")) {
            tests.add(test(
                    "schemas.json",
                    vector,
                    "Schema",
                    JSON.readTree(vector.get("schema").textValue())));
        }
        return tests.stream();
    }

    private static void vectors(List<DynamicTest> tests, String file, String member, String schema) throws IOException {
        for (JsonNode vector : JSON.readTree(VECTORS.resolve(file).toFile()).path("cases")) {
            if (vector.has(member)) {
                tests.add(test(file, vector, schema, vector.get(member)));
            }
        }
    }

    private static DynamicTest test(String file, JsonNode vector, String schema, JsonNode message) {
        String name = vector.path("name").textValue();
        return DynamicTest.dynamicTest(file + ": " + name, () -> {
            String wrong = Described.wrong(schema, message);
            if (!vector.has("refused") || UNTOLD.contains(name)) {
                assertThat(wrong).isEmpty();
            } else {
                assertThat(wrong).as("what is wrong").isNotEmpty();
            }
        });
    }
}
