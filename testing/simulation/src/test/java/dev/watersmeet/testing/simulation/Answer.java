package dev.watersmeet.testing.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.PushOutcome;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a client gets for a request.
 *
 * @param status the HTTP status; 0 if there is no answer
 * @param form the form of the body
 * @param body the body
 * @param coverage what the client has read with it
 * @param outcome what it says of the client's last push, if the client goes by it
 * @param problem the code of a problem
 */
record Answer(
        int status,
        @Nullable MessageForm form,
        ByteBuffer body,
        @Nullable Coverage coverage,
        @Nullable PushOutcome outcome,
        @Nullable ProblemCode problem) {
    /** The request or the answer was lost. */
    static final Answer NONE = new Answer(0, null, ByteBuffer.allocate(0), null, null, null);

    Answer(
            int status,
            MessageForm form,
            Function<MessageForm, byte[]> body,
            @Nullable Coverage coverage,
            @Nullable PushOutcome outcome) {
        this(status, form, ByteBuffer.wrap(body.apply(form)), coverage, outcome, null);
    }

    static Answer problem(Problem problem) {
        boolean settles =
                switch (problem.code().retry()) {
                    case SETTLE, PULL, RESYNC, REOFFER -> true;
                    case NEVER, LATER, TOKEN -> false;
                };
        return new Answer(
                problem.code().status(),
                null,
                ByteBuffer.wrap(MergeFormat.writeProblem(problem)),
                null,
                settles && problem.tellsLast() ? problem.last() : null,
                problem.code());
    }

    @Override
    public String toString() {
        if (coverage == null) {
            return status + " " + UTF_8.decode(body.duplicate());
        }
        return status + " " + coverage
                + (outcome == null ? "" : ", last push " + outcome.number() + " refused " + outcome.rejected());
    }

    String mediaType() {
        return form == null ? MergeFormat.PROBLEM_MEDIA_TYPE : form.mediaType();
    }
}
