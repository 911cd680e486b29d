package dev.watersmeet.benchmarks.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;

/** How long edits take from one client through the server to another. */
final class Latency {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final double[] millis;

    /** The milliseconds of each edit. */
    Latency(double... millis) {
        this.millis = millis.clone();
        Arrays.sort(this.millis);
    }

    /** The milliseconds that a part of the edits does not exceed. */
    double percentile(double part) {
        return millis[(int) Math.ceil(part * millis.length) - 1];
    }

    /**
     * Measures edits one after the other, with clients that run in Node, where browsers' clients and those of the rivals are at home: each is sent when the one before was answered and has arrived.
     *
     * @param edits one document each; the first ones warm up
     */
    static Latency measure(DocumentSpace space, List<HttpRequest> edits, int measured) throws IOException {
        List<String> input = new ArrayList<>();
        input.add(JSON.writeValueAsString(
                Map.of("live", parts(space.live(space.position())), "change", space.eachChange())));
        for (HttpRequest edit : edits) {
            input.add(JSON.writeValueAsString(parts(edit)));
        }
        return Clients.measure("http-latency.mjs", List.of(), input, edits.size() - measured, measured);
    }

    private static Map<String, Object> parts(HttpRequest request) throws JsonProcessingException {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("uri", request.uri().toString());
        parts.put("method", request.method());
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        parts.put("headers", headers);
        request.bodyPublisher().ifPresent(body -> parts.put("body", text(body)));
        return parts;
    }

    /** The body of a request, which is a text that is there already. */
    private static String text(HttpRequest.BodyPublisher body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        body.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer part) {
                byte[] next = new byte[part.remaining()];
                part.get(next);
                bytes.writeBytes(next);
            }

            @Override
            public void onError(Throwable failure) {
                throw new IllegalStateException(failure);
            }

            @Override
            public void onComplete() {
                // all is there
            }
        });
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
