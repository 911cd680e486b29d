package dev.watersmeet.format;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.crdt.Schema;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The codec of the merge format: messages from and to bytes, as JSON in UTF-8 or in the form that is named. The rules are in {@code spec/merge-format.md}.
 *
 * <p>Reading throws a {@link ProblemException} of {@link ProblemCode#MALFORMED} that names the place as a JSON pointer, of {@link ProblemCode#PROTOCOL_UNSUPPORTED}, or of {@link
 * ProblemCode#TOO_LARGE}. The sender bounds the bytes ({@link FormatLimits#MAX_BODY_BYTES}); the codec bounds what is in them. Thread-safe.
 */
public final class MergeFormat {
    /** The version of the format (P-1). */
    public static final int PROTOCOL = 1;

    /** The media type of problems (RFC 9457). */
    public static final String PROBLEM_MEDIA_TYPE = "application/problem+json";

    private static final Pattern VERSION = Pattern.compile("[0-9]{1,9}");

    private MergeFormat() {}

    /** Reads a request (P-2). A document whose cells cannot be read is {@link PushedDocument.Unreadable}; a push that cannot be is refused as a whole. */
    public static SyncRequest readSyncRequest(byte[] json) {
        return readSyncRequest(json, MessageForm.JSON);
    }

    /** As {@link #readSyncRequest(byte[])}, in a form. */
    public static SyncRequest readSyncRequest(byte[] body, MessageForm form) {
        return readVersioned(body, form, MessageReader::syncRequest);
    }

    /**
     * Writes a request (P-2).
     *
     * @throws IllegalArgumentException if it pushes an {@link PushedDocument.Unreadable} document
     */
    public static byte[] writeSyncRequest(SyncRequest request) {
        return writeSyncRequest(request, MessageForm.JSON);
    }

    /** As {@link #writeSyncRequest(SyncRequest)}, in a form. */
    public static byte[] writeSyncRequest(SyncRequest request, MessageForm form) {
        requireNonNull(request);
        return bytes(form, out -> MessageWriter.syncRequest(out, request));
    }

    /** Reads an answer (P-2). */
    public static SyncAnswer readSyncAnswer(byte[] json) {
        return readSyncAnswer(json, MessageForm.JSON);
    }

    /** As {@link #readSyncAnswer(byte[])}, in a form. */
    public static SyncAnswer readSyncAnswer(byte[] body, MessageForm form) {
        return readVersioned(body, form, MessageReader::syncAnswer);
    }

    /** Writes an answer (P-2). */
    public static byte[] writeSyncAnswer(SyncAnswer answer) {
        return writeSyncAnswer(answer, MessageForm.JSON);
    }

    /** As {@link #writeSyncAnswer(SyncAnswer)}, in a form. */
    public static byte[] writeSyncAnswer(SyncAnswer answer, MessageForm form) {
        requireNonNull(answer);
        return bytes(form, out -> MessageWriter.syncAnswer(out, answer));
    }

    /** Reads a page of a snapshot (P-12). */
    public static SnapshotPage readSnapshotPage(byte[] json) {
        return readSnapshotPage(json, MessageForm.JSON);
    }

    /** As {@link #readSnapshotPage(byte[])}, in a form. */
    public static SnapshotPage readSnapshotPage(byte[] body, MessageForm form) {
        return readVersioned(body, form, MessageReader::snapshot);
    }

    /** Writes a page of a snapshot (P-12). */
    public static byte[] writeSnapshotPage(SnapshotPage page) {
        return writeSnapshotPage(page, MessageForm.JSON);
    }

    /** As {@link #writeSnapshotPage(SnapshotPage)}, in a form. */
    public static byte[] writeSnapshotPage(SnapshotPage page, MessageForm form) {
        requireNonNull(page);
        return bytes(form, out -> MessageWriter.snapshot(out, page));
    }

    /** Reads a page of changes that stands alone (P-13). */
    public static Page readPage(byte[] json) {
        return readPage(json, MessageForm.JSON);
    }

    /** As {@link #readPage(byte[])}, in a form. */
    public static Page readPage(byte[] body, MessageForm form) {
        return read(input(body, form), MessageReader::page);
    }

    /** Writes a page of changes that stands alone (P-13), without line breaks. */
    public static byte[] writePage(Page page) {
        return writePage(page, MessageForm.JSON);
    }

    /** As {@link #writePage(Page)}, in a form. */
    public static byte[] writePage(Page page, MessageForm form) {
        requireNonNull(page);
        return bytes(form, out -> MessageWriter.page(out, page));
    }

    /** Reads a request for a live feed of several spaces (P-20). */
    public static FeedRequest readFeedRequest(byte[] json) {
        return readVersioned(json, MessageForm.JSON, MessageReader::feedRequest);
    }

    /** Writes a request for a live feed of several spaces (P-20). */
    public static byte[] writeFeedRequest(FeedRequest request) {
        requireNonNull(request);
        return bytes(MessageForm.JSON, out -> MessageWriter.feedRequest(out, request));
    }

    /** Reads the answer that holds a server's schema (P-25). */
    public static Schema readSchema(byte[] json) {
        return readVersioned(json, MessageForm.JSON, MessageReader::schema);
    }

    /** Writes the answer that holds a server's schema (P-25). */
    public static byte[] writeSchema(Schema schema) {
        requireNonNull(schema);
        return bytes(MessageForm.JSON, out -> MessageWriter.schema(out, schema));
    }

    /**
     * As {@link #writePage(Page)}, of documents that may be encoded already.
     *
     * @param documents what {@link #writeDocument} makes of them
     */
    public static byte[] writePage(Page page, Function<DocumentCells, byte[]> documents) {
        return JsonOutput.object(out -> MessageWriter.page(out, page, documents));
    }

    /** Writes a document (M-22), without line breaks: a part of a page. */
    public static byte[] writeDocument(DocumentCells document) {
        requireNonNull(document);
        return JsonOutput.document(document);
    }

    /** Reads a problem (P-14) that came with its own status. */
    public static Problem readProblem(byte[] json) {
        return readProblem(json, 500);
    }

    /**
     * Reads a problem (P-14).
     *
     * @param status of the answer that brought it: a problem of a code that is not known here is taken for the nearest one (P-27)
     */
    public static Problem readProblem(byte[] json, int status) {
        return read(() -> JsonInput.of(JsonInput.decode(json)), input -> MessageReader.problem(input, status));
    }

    /** Writes a problem (P-14), without line breaks. */
    public static byte[] writeProblem(Problem problem) {
        requireNonNull(problem);
        return bytes(MessageForm.JSON, out -> MessageWriter.problem(out, problem));
    }

    /**
     * Reads the text of an outcome.
     *
     * @throws IllegalStateException if it is not one that {@link #writeOutcome} wrote
     */
    public static PushOutcome readOutcome(String json) {
        try {
            return read(() -> JsonInput.of(requireNonNull(json)), MessageReader::outcome);
        } catch (ProblemException e) {
            throw new IllegalStateException("the stored outcome of a push cannot be read", e);
        }
    }

    /** The text of an outcome, as it is stored (P-5). */
    public static String writeOutcome(PushOutcome outcome) {
        requireNonNull(outcome);
        return new String(JsonOutput.object(out -> MessageWriter.outcome(out, outcome)), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(MessageForm form, Consumer<JsonOutput> members) {
        return switch (form) {
            case JSON -> JsonOutput.object(members);
            case BATCH -> BinaryMessage.write(members);
        };
    }

    private static <T> T readVersioned(byte[] body, MessageForm form, Function<JsonInput, T> reader) {
        Supplier<JsonInput> input = input(body, form);
        take(input.get(), MessageReader::version);
        return read(input, reader);
    }

    /** The beginning of a message, as often as it is asked for. */
    private static Supplier<JsonInput> input(byte[] body, MessageForm form) {
        return switch (form) {
            case JSON -> {
                String json = JsonInput.decode(body);
                yield () -> JsonInput.of(json);
            }
            case BATCH -> {
                BinaryMessage.Parts parts = parts(body);
                yield () -> JsonInput.of(parts.envelope(), parts.batch());
            }
        };
    }

    private static BinaryMessage.Parts parts(byte[] body) {
        try {
            return BinaryMessage.read(body);
        } catch (MalformedException e) {
            throw ProblemException.of(ProblemCode.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Checks the version that a request names which has no body (P-27).
     *
     * @param version as it was written; null is the first one
     * @throws ProblemException of {@link ProblemCode#PROTOCOL_UNSUPPORTED}, or of {@link ProblemCode#MALFORMED} if it is no number
     */
    public static void checkProtocol(@Nullable String version) {
        if (version == null || version.equals(Integer.toString(PROTOCOL))) {
            return;
        }
        if (!VERSION.matcher(version).matches()) {
            throw ProblemException.of(ProblemCode.MALFORMED, "the parameter protocol is a version, like " + PROTOCOL);
        }
        throw unsupported(Long.parseLong(version));
    }

    static ProblemException unsupported(long version) {
        return ProblemException.of(
                ProblemCode.PROTOCOL_UNSUPPORTED,
                "version " + version + " is not spoken here, but " + PROTOCOL + " is");
    }

    private static <T> T read(Supplier<JsonInput> message, Function<JsonInput, T> reader) {
        return take(message.get(), input -> {
            T read = reader.apply(input);
            input.end();
            return read;
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
