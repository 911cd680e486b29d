package dev.watersmeet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.watersmeet.store.memory.MemoryStore;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may have the demo's server do something: its own pages, and nobody else's. */
class DemoControlsTest {
    private static final Pattern CONTROL = Pattern.compile("\"control\":\"([^\"]+)\"");

    /** Of an item that there is not: who may ask is answered that. */
    private static final String ROBOT = "/demo/control/robot?item=none";

    private static WatersmeetServer server;
    private static String control;

    @BeforeAll
    static void start() throws IOException {
        assumeThat(Main.class.getResource("/demo/index.html"))
                .as("the demo pages are built")
                .isNotNull();
        server = WatersmeetServer.start(
                MemoryStore.empty(), Settings.of(Tenants.parse(List.of()).withDemo()));
        Matcher told = CONTROL.matcher(ask(host(), "GET", "/demo.json", ""));
        assertThat(told.find()).isTrue();
        control = told.group(1);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static String host() {
        return "127.0.0.1:" + server.uri().getPort();
    }

    private static String ask(String host, String method, String target, String headers) throws IOException {
        return RawHttp.askAt(host, server.uri(), method, target, headers);
    }

    private static String post(String target, String origin, String token) throws IOException {
        return ask(
                host(),
                "POST",
                target,
                "Origin: " + origin + "\r\nAuthorization: " + token + "\r\nContent-Length: 0\r\n");
    }

    private static String own() {
        return "http://" + host();
    }

    @Test
    void itsOwnPageIsHeard() throws IOException {
        assertThat(post(ROBOT, own(), "Bearer " + control)).startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://elsewhere.example", "https://127.0.0.1", "http://127.0.0.1:1", "null", ""})
    void aPageOfAnotherOriginIsNot(String origin) throws IOException {
        assertThat(post(ROBOT, origin, "Bearer " + control)).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void aRequestWithoutAnOriginIsNot() throws IOException {
        String headers = "Authorization: Bearer " + control + "\r\nContent-Length: 0\r\n";
        assertThat(ask(host(), "POST", ROBOT, headers)).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer wrong", "Basic d3Jvbmc="})
    void aRequestWithoutTheTokenIsNot(String token) throws IOException {
        assertThat(post(ROBOT, own(), token)).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS"})
    void noOtherMethodDoesAnything(String method) throws IOException {
        String headers = "Origin: " + own() + "\r\nAuthorization: Bearer " + control + "\r\n";
        assertThat(ask(host(), method, "/demo/control/robot?item=none", headers))
                .doesNotStartWith("HTTP/1.1 204 ")
                .doesNotStartWith("HTTP/1.1 404 ");
    }

    @Test
    void aServerThatNobodyStartsAgainIsNotKilled() throws IOException {
        assertThat(post("/demo/control/kill", own(), "Bearer " + control)).startsWith("HTTP/1.1 404 ");
        assertThat(ask(host(), "GET", "/health", "")).startsWith("HTTP/1.1 200 ");
    }

    /** The name of a site of which the pages have the origin of this server once it leads here. */
    @ParameterizedTest
    @ValueSource(strings = {"/demo.json", "/demo/sql", "/demo/control/robot", "/demo.json;x=1", "//demo.json"})
    void whoComesByTheNameOfAnotherSiteIsToldNothing(String target) throws IOException {
        String answer = ask("elsewhere.example:" + server.uri().getPort(), "GET", target, "");

        assertThat(answer).doesNotContain(control).doesNotStartWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "192.0.2.7:8080"})
    void whoComesByAnAddressOrLocalhostIsTold(String host) throws IOException {
        assertThat(ask(host, "GET", "/demo.json", ""))
                .startsWith("HTTP/1.1 200 ")
                .contains(control);
    }
}
