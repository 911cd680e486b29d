package dev.watersmeet.benchmarks.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The one HTTP client of all contenders that speak HTTP, where rates are measured: it keeps its connections. */
final class Http {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {}

    /**
     * Sends a request and reads all of the answer.
     *
     * @throws IOException if it is not answered, or not with success; the message has the answer
     */
    static byte[] send(HttpRequest request) throws IOException {
        HttpResponse<byte[]> response = answer(request);
        if (response.statusCode() / 100 != 2) {
            throw new IOException(request.uri() + " was answered " + response.statusCode() + ": "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    private static HttpResponse<byte[]> answer(HttpRequest request) throws IOException {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted at " + request.uri());
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
