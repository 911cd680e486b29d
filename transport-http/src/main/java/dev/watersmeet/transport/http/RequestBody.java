package dev.watersmeet.transport.http;

import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The body of a request, in either form, plain or compressed, within its limit before and after decompression (P-15, P-16). */
final class RequestBody {
    private static final long MAX_DISCARDED_BYTES = 4L * FormatLimits.MAX_BODY_BYTES;

    private RequestBody() {}

    /**
     * Reads the body.
     *
     * @param reader of messages in the form that the request names
     * @throws ProblemException if it is of another type, or too large, or not what its encoding says
     * @throws IOException if the connection fails
     */
    static <T> T read(HttpServletRequest request, BiFunction<byte[], MessageForm, T> reader) throws IOException {
        MessageForm form = form(request.getContentType());
        boolean compressed = isCompressed(request.getHeader("Content-Encoding"));
        InputStream content = request.getInputStream();
        boolean fits = request.getContentLengthLong() <= FormatLimits.MAX_BODY_BYTES;
        byte[] body = content.readNBytes(fits ? FormatLimits.MAX_BODY_BYTES + 1 : 0);
        if (!fits || body.length > FormatLimits.MAX_BODY_BYTES) {
            discard(content);
            throw tooLarge();
        }
        return reader.apply(compressed ? decompress(body) : body, form);
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

    private static byte[] decompress(byte[] body) {
        try (InputStream content = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] bytes = content.readNBytes(FormatLimits.MAX_BODY_BYTES + 1);
            if (bytes.length > FormatLimits.MAX_BODY_BYTES) {
                throw tooLarge();
            }
            return bytes;
        } catch (IOException e) {
            throw ProblemException.of(ProblemCode.MALFORMED, "the body is not gzip, as its content encoding says");
        }
    }

    /** Reads on, within reason: a client that is still sending would see a broken connection in the place of the answer. */
    private static void discard(InputStream content) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = MAX_DISCARDED_BYTES;
        for (int read = 0; read >= 0 && left > 0; left -= read) {
            read = content.read(buffer);
        }
    }

    private static ProblemException tooLarge() {
        return ProblemException.of(
                ProblemCode.TOO_LARGE, "a body has at most " + FormatLimits.MAX_BODY_BYTES + " bytes");
    }
}
