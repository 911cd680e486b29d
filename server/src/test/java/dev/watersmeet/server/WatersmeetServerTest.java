package dev.watersmeet.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.store.memory.MemoryStore;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server serves beside the exchange. */
class WatersmeetServerTest {
    private static final String SNAPSHOT = "/snapshot?replica=0000000000001";

    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable WatersmeetServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start(Tenants tenants) throws IOException {
        server = WatersmeetServer.start(MemoryStore.empty(), Settings.of(tenants));
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(requireNonNull(server).uri().resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private int snapshotStatus(String space, String token) throws Exception {
        return get("/v1/spaces/" + space + SNAPSHOT, "Authorization", "Bearer " + token)
                .statusCode();
    }

    @Test
    void saysThatItIsUpToWhomeverAsks() throws Exception {
        start(Tenants.parse(List.of()));
        HttpResponse<byte[]> response = get("/health");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).asString().isEqualTo("{\"status\":\"up\"}");
        assertThat(response.headers().firstValue("Server")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/, 404", "/demo.json, 404", "/index.html, 404", "/v1/%2e%2e/x, 400", "/v1/spaces/a%2Fb/sync, 400"})
    void answersWhatIsNotThereAsAProblem(String path, int status) throws Exception {
        start(Tenants.parse(List.of()));
        HttpResponse<byte[]> response = get(path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(MergeFormat.readProblem(response.body()).code())
                .isEqualTo(status == 404 ? ProblemCode.NOT_FOUND : ProblemCode.MALFORMED);
    }

    @Test
    void letsWhoHasATokenIntoEverySpaceAndTheDemoOnlyIntoItsOwn() throws Exception {
        Tenants tenants = new Tenants(Map.of("secret", "ann"), Map.of("left", "token-of-left"));
        assumeThat(hasDemoPages()).as("the demo pages are built").isTrue();
        start(tenants);
        assertThat(snapshotStatus("shop", "secret")).isEqualTo(200);
        assertThat(snapshotStatus("shop", "wrong")).isEqualTo(401);
        assertThat(snapshotStatus("shop", "token-of-left")).isEqualTo(403);
        assertThat(snapshotStatus(Tenants.DEMO_SPACE, "token-of-left")).isEqualTo(200);
    }

    @Test
    void servesTheDemoUnderAPolicyThatKeepsItToItself() throws Exception {
        assumeThat(hasDemoPages()).as("the demo pages are built").isTrue();
        Tenants tenants = Tenants.parse(List.of()).withDemo();
        start(tenants);
        HttpResponse<byte[]> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'self'", "frame-ancestors 'self'");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("X-Frame-Options")).isEmpty();
        assertThat(get("/index.js").headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/javascript");
        assertThat(get("/styles/base.css").statusCode()).isEqualTo(200);
        assertThat(get("/styles/").statusCode()).isEqualTo(403);
        Value settings = Value.parse(new String(get("/demo.json").body(), StandardCharsets.UTF_8));
        assertThat(settings.toJava())
                .asInstanceOf(MAP)
                .containsOnlyKeys("space", "sql", "kill", "control", "tokens")
                .containsEntry("space", Tenants.DEMO_SPACE)
                .containsEntry("sql", false)
                .containsEntry("kill", false)
                .containsEntry("tokens", tenants.demoTokens())
                .extractingByKey("control")
                .asString()
                .matches("[-_A-Za-z0-9]{32}");
        assertThat(tenants.demoTokens()).containsOnlyKeys("left", "right");
    }

    private static boolean hasDemoPages() {
        return Main.class.getResource("/demo/index.html") != null;
    }
}
