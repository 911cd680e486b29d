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
    /** How much of a body that is refused is read on. */
    static final long MAX_DISCARDED_BYTES = 4L * FormatLimits.MAX_BODY_BYTES;

    /**
     * What the headers say of a body.
     *
     * @param form its form
     * @param compressed whether it is compressed by gzip
     */
    record Kind(MessageForm form, boolean compressed) {}

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
     * What the headers of a request say of its body.
     *
     * @throws ProblemException if it is of another type
     */
    static Kind kind(HttpServletRequest request) {
        return new Kind(form(request.getContentType()), isCompressed(request.getHeader("Content-Encoding")));
    }

    /**
     * The body of what was received.
     *
     * @param memory from which the bytes are taken as they are decompressed
     * @throws ProblemException if it is too large, or not what its encoding says
     * @throws RateLimitedException if there is no memory for it
     */
    static RequestBody of(Kind kind, byte[] received, HttpLimits limits, Bodies.Lease memory) {
        long most = limits.of(Limit.INFLATED_BODY_BYTES);
        return new RequestBody(kind.form(), kind.compressed() ? decompress(received, most, memory) : received);
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

    static ProblemException tooLarge(String what, long most) {
        return ProblemException.of(ProblemCode.TOO_LARGE, what + " has at most " + most + " bytes");
    }
}
