package dev.watersmeet.client;

import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Schema;
import dev.watersmeet.format.GzipMembers;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the merge format over HTTP. What the server refuses is a {@link ProblemException}; what does not reach it, or is not answered by a server of the merge format, is an {@link
 * UncheckedIOException}. Thread-safe.
 */
final class Transport {
    /** The longest answer that is taken, in bytes, before and after decompression. */
    static final int MAX_ANSWER_BYTES = 128 << 20;

    /** Bodies from here on are compressed. */
    static final int COMPRESSED_FROM_BYTES = 4 << 10;

    /** The version, where a request has no body to name it in (P-27). */
    private static final String PROTOCOL = "?protocol=" + MergeFormat.PROTOCOL;

    private static final String ACCEPTED = String.join(
            ", ", MessageForm.BATCH.mediaType(), MessageForm.JSON.mediaType(), MergeFormat.PROBLEM_MEDIA_TYPE);

    private final HttpClient client;
    private final String base;
    private final Supplier<String> token;
    private final Duration timeout;
    private final ServerTime time;
    private volatile MessageForm spoken = MessageForm.JSON; // until the server has answered in another form (P-16)

    Transport(HttpClient client, URI url, String space, Supplier<String> token, Duration timeout, ServerTime time) {
        this.client = client;
        this.base = url.toString().replaceAll("/+$", "") + "/spaces/" + encode(space);
        this.token = token;
        this.timeout = timeout;
        this.time = time;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** P-2. */
    SyncAnswer sync(SyncRequest message) {
        MessageForm form = spoken;
        try {
            return sync(message, form);
        } catch (ProblemException e) {
            if (form == MessageForm.JSON || e.problem().code() != ProblemCode.UNSUPPORTED_MEDIA_TYPE) {
                throw e;
            }
            spoken = MessageForm.JSON; // an older server has taken the place of the one that answered before
            return sync(message, MessageForm.JSON);
        }
    }

    private SyncAnswer sync(SyncRequest message, MessageForm form) {
        byte[] body = MergeFormat.writeSyncRequest(message, form);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + "/sync")).header("Content-Type", form.mediaType());
        if (body.length >= COMPRESSED_FROM_BYTES) {
            request.header("Content-Encoding", "gzip");
            body = compress(body);
        }
        request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return timed(request, MergeFormat::readSyncAnswer, SyncAnswer::time);
    }

    /** P-12. */
    SnapshotPage snapshot(ReplicaId replica, @Nullable String position) {
        String query = PROTOCOL + "&replica=" + replica + (position == null ? "" : "&position=" + encode(position));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/snapshot" + query));
        return timed(request, MergeFormat::readSnapshotPage, SnapshotPage::time);
    }

    /** P-25. */
    Schema schema() {
        HttpRequest request = authorized(HttpRequest.newBuilder(URI.create(base + "/schema" + PROTOCOL)));
        return read(request, await(request), (body, form) -> MergeFormat.readSchema(body));
    }

    private HttpRequest authorized(HttpRequest.Builder builder) {
        return builder.header("Authorization", "Bearer " + token.get())
                .header("Accept", ACCEPTED)
                .header("Accept-Encoding", "gzip")
                .build();
    }

    private <T> T timed(
            HttpRequest.Builder builder, BiFunction<byte[], MessageForm, T> reader, Function<T, Long> serverTime) {
        HttpRequest request = authorized(builder);
        long start = time.elapsedMillis();
        HttpResponse<byte[]> response = await(request);
        long roundTrip = time.elapsedMillis() - start;
        T answer = read(request, response, reader);
        time.measure(serverTime.apply(answer), roundTrip);
        return answer;
    }

    /** Waits for the whole answer. The request's own timeout would end with the answer's header. */
    private HttpResponse<byte[]> await(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, header -> new BoundedBody(MAX_ANSWER_BYTES));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            HttpTimeoutException late =
                    new HttpTimeoutException(name(request) + " was not answered within " + timeout.toMillis() + " ms");
            late.initCause(e);
            throw new UncheckedIOException(late);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while " + name(request) + " was on its way");
            interrupted.initCause(e);
            throw new UncheckedIOException(interrupted);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new UncheckedIOException(new IOException(name(request) + " failed: " + cause, cause));
            }
            throw new IllegalStateException(name(request) + " failed", e);
        }
    }

    private <T> T read(HttpRequest request, HttpResponse<byte[]> response, BiFunction<byte[], MessageForm, T> reader) {
        boolean successful = response.statusCode() == 200;
        ProblemException refusal;
        try {
            byte[] body = decompress(response);
            if (successful) {
                MessageForm form = form(response);
                T answer = reader.apply(body, form);
                spoken = form;
                return answer;
            }
            refusal = new ProblemException(MergeFormat.readProblem(body, response.statusCode()));
        } catch (ProblemException | IOException e) { // of the codec: it is the answer that is malformed
            if (e instanceof ProblemException other && other.problem().code() == ProblemCode.PROTOCOL_UNSUPPORTED) {
                throw other; // the server answers in another version (P-27)
            }
            throw new UncheckedIOException(new IOException(
                    name(request) + " was answered with status " + response.statusCode()
                            + " and something that is not of the merge format: " + e.getMessage(),
                    e));
        }
        throw refusal;
    }

    /** The form of an answer; JSON where the header says nothing that we know. */
    private static MessageForm form(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Content-Type")
                .flatMap(MessageForm::ofMediaType)
                .orElse(MessageForm.JSON);
    }

    private static byte[] decompress(HttpResponse<byte[]> response) throws IOException {
        byte[] body = response.body();
        boolean compressed = response.headers()
                .firstValue("Content-Encoding")
                .filter("gzip"::equalsIgnoreCase)
                .isPresent();
        if (!compressed) {
            return body;
        }
        try (InputStream in = new GzipMembers(new ByteArrayInputStream(body))) {
            byte[] plain = in.readNBytes(MAX_ANSWER_BYTES + 1);
            if (plain.length > MAX_ANSWER_BYTES) {
                throw BoundedBody.tooLong(MAX_ANSWER_BYTES);
            }
            return plain;
        }
    }

    private static byte[] compress(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is nothing to fail at in memory
        }
        return bytes.toByteArray();
    }

    private static String name(HttpRequest request) {
        return request.method() + " " + request.uri();
    }
}
