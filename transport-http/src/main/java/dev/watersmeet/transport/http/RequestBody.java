package dev.watersmeet.transport.http;

import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.GzipMembers;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of a request, plain again, within its limits before and after decompression (P-15, P-16). */
final class RequestBody {
    private static final int BUFFER_BYTES = 1 << 14;
    private static final long MAX_DISCARDED_BYTES = 4L * FormatLimits.MAX_BODY_BYTES;

    private final MessageForm form;
    private final byte[] bytes;

    private RequestBody(MessageForm form, byte[] bytes) {
        this.form = form;
        this.bytes = bytes;
    }

    /** The form that the request says it is of. */
    MessageForm form() {
        return form;
    }

    /** The message. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Reads the body.
     *
     * @param limits of bodies
     * @param memory from which the bytes are taken as they come
     * @throws ProblemException if it is of another type, or too large, or not what its encoding says
     * @throws RateLimitedException if it comes too slowly, or there is no memory for it
     * @throws IOException if the connection fails
     */
    static RequestBody read(HttpServletRequest request, HttpLimits limits, Bodies.Lease memory) throws IOException {
        MessageForm form = form(request.getContentType());
        boolean compressed = isCompressed(request.getHeader("Content-Encoding"));
        byte[] body = receive(request, limits, memory);
        return new RequestBody(
                form, compressed ? decompress(body, limits.of(Limit.INFLATED_BODY_BYTES), memory) : body);
    }

    private static byte[] receive(HttpServletRequest request, HttpLimits limits, Bodies.Lease memory)
            throws IOException {
        InputStream content = request.getInputStream();
        Pace pace = new Pace(limits, System.nanoTime());
        long most = limits.of(Limit.BODY_BYTES);
        long length = request.getContentLengthLong();
        if (length > most) {
            discard(content, pace, memory);
            throw tooLarge("a body", most);
        }
        Pieces body = new Pieces();
        for (int read = body.read(content); read >= 0; read = body.read(content)) {
            if (body.size() > most) {
                discard(content, pace, memory);
                throw tooLarge("a body", most);
            }
            memory.take(read);
            pace.check(body.size(), System.nanoTime());
        }
        return body.toBytes();
    }

    private static MessageForm form(@Nullable String contentType) {
        Optional<MessageForm> form = MessageForm.ofMediaType(contentType);
        if (contentType == null || form.isEmpty() || !isUtf8(contentType)) {
            throw ProblemException.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "the body has to be " + MessageForm.JSON.mediaType() + " in UTF-8, or "
                            + MessageForm.BATCH.mediaType());
        }
        return form.get();
    }

    /** Whether a media type names no other charset. */
    private static boolean isUtf8(String contentType) {
        String[] parts = contentType.split(";", -1);
        boolean utf8 = true;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
            utf8 &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        return utf8;
    }

    private static boolean isCompressed(@Nullable String encoding) {
        if (encoding == null || encoding.equalsIgnoreCase("identity")) {
            return false;
        }
        if (encoding.equalsIgnoreCase("gzip")) {
            return true;
        }
        throw ProblemException.of(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE, "the content encoding has to be gzip, identity or none");
    }

    private static byte[] decompress(byte[] body, long most, Bodies.Lease memory) {
        Pieces plain = new Pieces();
        try (InputStream content = new GzipMembers(new ByteArrayInputStream(body))) {
            for (int read = plain.read(content); read >= 0; read = plain.read(content)) {
                if (plain.size() > most) {
                    throw tooLarge("a body, decompressed,", most);
                }
                memory.take(read);
            }
            return plain.toBytes();
        } catch (IOException e) {
            throw ProblemException.of(ProblemCode.MALFORMED, "the body is not gzip, as its content encoding says");
        }
    }

    /** Reads on, within reason: a client that is still sending would see a broken connection in the place of the answer. */
    private static void discard(InputStream content, Pace pace, Bodies.Lease memory) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long discarded = 0;
        for (int read = 0; read >= 0 && discarded < MAX_DISCARDED_BYTES; discarded += read) {
            read = content.read(buffer);
            memory.read(Math.max(0, read));
            pace.check(discarded + Math.max(0, read), System.nanoTime());
        }
    }

    private static ProblemException tooLarge(String what, long most) {
        return ProblemException.of(ProblemCode.TOO_LARGE, what + " has at most " + most + " bytes");
    }
}
