package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A servlet that was registered without support for asynchronous requests answers none, rather than to hold a thread for each. */
@Timeout(30)
class SynchronousContainerTest {
    @Test
    void noRequestIsAnswered() throws Exception {
        TestServer server = TestServer.synchronous();
        try {
            HttpResponse<byte[]> answer = server.send(server.request("/v1/spaces/shop/schema"));
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"code\":\"internal\"");
        } finally {
            server.stop();
        }
    }
}
