package dev.watersmeet.testing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.format.FeedRequest;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A kind of message in both of its forms: what is read in one form, and written and read again in either, is the same. An input that begins as JSON objects do is read as JSON, any other in the binary form.
 *
 * @param reader reads a form
 * @param writer writes a form
 * @param writable whether a message that was read can be written
 */
record Messages<T>(
        BiFunction<byte[], MessageForm, T> reader, BiFunction<T, MessageForm, byte[]> writer, Predicate<T> writable) {
    static final Messages<SyncRequest> SYNC_REQUEST =
            new Messages<>(MergeFormat::readSyncRequest, MergeFormat::writeSyncRequest, Messages::isReadable);
    static final Messages<SyncAnswer> SYNC_ANSWER =
            new Messages<>(MergeFormat::readSyncAnswer, MergeFormat::writeSyncAnswer, answer -> isKnown(answer.push()));
    static final Messages<Page> PAGE = new Messages<>(MergeFormat::readPage, MergeFormat::writePage, page -> true);
    static final Messages<SnapshotPage> SNAPSHOT =
            new Messages<>(MergeFormat::readSnapshotPage, MergeFormat::writeSnapshotPage, page -> isKnown(page.last()));

    private static final Set<ProblemCode> REFUSALS =
            Set.of(ProblemCode.MALFORMED, ProblemCode.PROTOCOL_UNSUPPORTED, ProblemCode.TOO_LARGE);

    private static boolean isReadable(SyncRequest request) {
        return request.push() == null
                || request.push().documents().stream().allMatch(PushedDocument.Readable.class::isInstance);
    }

    /** Whether all verdicts are of a kind that is sent: one that was read from a newer server is not (P-27). */
    private static boolean isKnown(@Nullable PushOutcome outcome) {
        return outcome == null
                || outcome.rejected().stream().noneMatch(rejection -> rejection.code() == RejectionCode.OTHER);
    }

    void check(byte[] input) {
        boolean json = input.length == 0 || input[0] == '{' || input[0] <= ' ';
        Optional<T> message = read(input, json ? MessageForm.JSON : MessageForm.BATCH);
        message.filter(writable).ifPresent(read -> {
            byte[] written = writer.apply(read, MessageForm.JSON);
            for (MessageForm form : MessageForm.values()) {
                T again = reader.apply(writer.apply(read, form), form);
                assertThat(again).as("read again as %s", form).isEqualTo(read);
                assertThat(text(writer.apply(again, MessageForm.JSON))).hasSameSizeAs(text(written));
            }
        });
    }

    private Optional<T> read(byte[] input, MessageForm form) {
        try {
            return Optional.of(reader.apply(input, form));
        } catch (ProblemException e) {
            assertThat(REFUSALS).contains(e.problem().code());
            return Optional.empty();
        }
    }

    static void checkFeedRequest(byte[] input) {
        FeedRequest request;
        try {
            request = MergeFormat.readFeedRequest(input);
        } catch (ProblemException e) {
            assertThat(REFUSALS).contains(e.problem().code());
            return;
        }
        assertThat(MergeFormat.readFeedRequest(MergeFormat.writeFeedRequest(request)))
                .isEqualTo(request);
    }

    static void checkProblem(byte[] input) {
        Problem problem;
        try {
            problem = MergeFormat.readProblem(input);
        } catch (ProblemException e) {
            assertThat(REFUSALS).contains(e.problem().code());
            return;
        }
        if (isKnown(problem.last())) {
            assertThat(MergeFormat.readProblem(MergeFormat.writeProblem(problem)))
                    .isEqualTo(problem);
        }
    }

    static void checkOutcome(byte[] input) {
        PushOutcome outcome;
        try {
            outcome = MergeFormat.readOutcome(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalStateException e) { // of a text that nobody has written
            return;
        }
        if (isKnown(outcome)) {
            assertThat(MergeFormat.readOutcome(MergeFormat.writeOutcome(outcome)))
                    .isEqualTo(outcome);
        }
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
