package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The JSON codec of the merge format: messages from and to bytes of UTF-8. The rules are in {@code spec/merge-format.md}.
 *
 * <p>Reading throws a {@link ProblemException} of {@link ProblemCode#MALFORMED} that names the place as a JSON pointer, of {@link ProblemCode#PROTOCOL_UNSUPPORTED}, or of {@link
 * ProblemCode#TOO_LARGE}. The sender bounds the bytes ({@link FormatLimits#MAX_BODY_BYTES}); the codec bounds what is in them. Thread-safe.
 */
public final class MergeFormat {
    /** The version of the format (P-1). */
    public static final int PROTOCOL = 1;

    /** The media type of all messages but problems. */
    public static final String MEDIA_TYPE = "application/json";

    /** The media type of problems (RFC 9457). */
    public static final String PROBLEM_MEDIA_TYPE = "application/problem+json";

    private MergeFormat() {}

    /** Reads a request (P-2). A document whose cells cannot be read is {@link PushedDocument.Unreadable}; a push that cannot be is refused as a whole. */
    public static SyncRequest readSyncRequest(byte[] json) {
        return readVersioned(json, MessageReader::syncRequest);
    }

    /**
     * Writes a request (P-2).
     *
     * @throws IllegalArgumentException if it pushes an {@link PushedDocument.Unreadable} document
     */
    public static byte[] writeSyncRequest(SyncRequest request) {
        requireNonNull(request);
        return bytes(out -> MessageWriter.syncRequest(out, request));
    }

    /** Reads an answer (P-2). */
    public static SyncAnswer readSyncAnswer(byte[] json) {
        return readVersioned(json, MessageReader::syncAnswer);
    }

    /** Writes an answer (P-2). */
    public static byte[] writeSyncAnswer(SyncAnswer answer) {
        requireNonNull(answer);
        return bytes(out -> MessageWriter.syncAnswer(out, answer));
    }

    /** Reads a page of a snapshot (P-12). */
    public static SnapshotPage readSnapshotPage(byte[] json) {
        return readVersioned(json, MessageReader::snapshot);
    }

    /** Writes a page of a snapshot (P-12). */
    public static byte[] writeSnapshotPage(SnapshotPage page) {
        requireNonNull(page);
        return bytes(out -> MessageWriter.snapshot(out, page));
    }

    /** Reads a page of changes that stands alone (P-13). */
    public static Page readPage(byte[] json) {
        return read(JsonInput.decode(json), MessageReader::page);
    }

    /** Writes a page of changes that stands alone (P-13), without line breaks. */
    public static byte[] writePage(Page page) {
        requireNonNull(page);
        return bytes(out -> MessageWriter.page(out, page));
    }

    /** Reads a problem (P-14). */
    public static Problem readProblem(byte[] json) {
        return read(JsonInput.decode(json), MessageReader::problem);
    }

    /** Writes a problem (P-14), without line breaks. */
    public static byte[] writeProblem(Problem problem) {
        requireNonNull(problem);
        return bytes(out -> MessageWriter.problem(out, problem));
    }

    /**
     * Reads the text of an outcome.
     *
     * @throws IllegalStateException if it is not one that {@link #writeOutcome} wrote
     */
    public static PushOutcome readOutcome(String json) {
        try {
            return read(requireNonNull(json), MessageReader::outcome);
        } catch (ProblemException e) {
            throw new IllegalStateException("the stored outcome of a push cannot be read", e);
        }
    }

    /** The text of an outcome, as it is stored (P-5). */
    public static String writeOutcome(PushOutcome outcome) {
        requireNonNull(outcome);
        return JsonOutput.object(out -> MessageWriter.outcome(out, outcome));
    }

    private static byte[] bytes(Consumer<JsonOutput> members) {
        return JsonOutput.object(members).getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T readVersioned(byte[] json, Function<JsonInput, T> reader) {
        String text = JsonInput.decode(json);
        take(JsonInput.of(text), MessageReader::version);
        return read(text, reader);
    }

    private static <T> T read(String text, Function<JsonInput, T> reader) {
        return take(JsonInput.of(text), input -> {
            T message = reader.apply(input);
            input.end();
            return message;
        });
    }

    private static <T> T take(JsonInput input, Function<JsonInput, T> reader) {
        try {
            return reader.apply(input);
        } catch (MalformedException e) {
            throw ProblemException.of(ProblemCode.MALFORMED, "at " + input.place() + ": " + e.getMessage());
        }
    }
}
