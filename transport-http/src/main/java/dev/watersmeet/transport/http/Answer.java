package dev.watersmeet.transport.http;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Enumeration;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** The answer to a request: a message or a problem, compressed where that is asked for and worth it. */
final class Answer {
    /** Below this many bytes compression costs more than it saves: the answer is one packet anyway. */
    private static final int MIN_COMPRESSED_BYTES = 1_400;

    /** After how many seconds it is worth to try again where nothing better is known. */
    private static final int RETRY_AFTER_SECONDS = 5;

    private Answer() {}

    /** The form in which a request asks for its answer (P-16). */
    static MessageForm form(HttpServletRequest request) {
        String binary = MessageForm.BATCH.mediaType();
        return accepts(request.getHeaders("Accept"), binary) ? MessageForm.BATCH : MessageForm.JSON;
    }

    /** Sets the headers of a message. What is returned is the body that is then to be written. */
    static byte[] message(HttpServletRequest request, HttpServletResponse response, MessageForm form, byte[] message)
            throws IOException {
        return body(request, response, HttpServletResponse.SC_OK, form.mediaType(), message);
    }

    static void problem(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        problem(request, response, problem, RETRY_AFTER_SECONDS);
    }

    /**
     * Answers with a problem.
     *
     * @param retryAfterSeconds when to try again, if the problem is one that passes
     */
    static void problem(
            HttpServletRequest request, HttpServletResponse response, Problem problem, int retryAfterSeconds)
            throws IOException {
        ProblemCode code = problem.code();
        if (code == ProblemCode.UNAUTHENTICATED) {
            boolean hadToken =
                    BearerToken.parse(request.getHeader("Authorization")).isPresent();
            response.setHeader("WWW-Authenticate", hadToken ? "Bearer error=\"invalid_token\"" : "Bearer"); // RFC 6750
        }
        if (code == ProblemCode.STORE_UNAVAILABLE || code == ProblemCode.RATE_LIMITED) {
            response.setIntHeader("Retry-After", retryAfterSeconds);
        }
        byte[] message = MergeFormat.writeProblem(problem);
        response.getOutputStream()
                .write(body(request, response, code.status(), MergeFormat.PROBLEM_MEDIA_TYPE, message));
    }

    /** The headers of every answer: what is in it is somebody's data, and is what it says it is. */
    static void protect(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    private static byte[] body(
            HttpServletRequest request, HttpServletResponse response, int status, String mediaType, byte[] message)
            throws IOException {
        byte[] body = message;
        protect(response);
        response.setHeader("Vary", "Accept, Accept-Encoding");
        if (message.length >= MIN_COMPRESSED_BYTES && accepts(request.getHeaders("Accept-Encoding"), "gzip")) {
            body = compress(message);
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setContentLength(body.length);
        return body;
    }

    /** Whether a list of what is accepted names something, and does not refuse it. */
    private static boolean accepts(Enumeration<String> headers, String name) {
        while (headers.hasMoreElements()) {
            for (String entry : headers.nextElement().toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] parts = entry.strip().split("\\s*;\\s*", -1);
                boolean refused = parts.length > 1 && parts[1].matches("q=0(\\.0*)?");
                if (parts[0].equals(name) && !refused) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] compress(byte[] message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.length / 4);
        try (GZIPOutputStream gzip = new FastGzip(bytes)) {
            gzip.write(message);
        }
        return bytes.toByteArray();
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream bytes) throws IOException {
            super(bytes);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
