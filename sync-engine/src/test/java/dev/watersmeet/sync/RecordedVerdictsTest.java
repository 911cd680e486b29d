package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.problem;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.format.FormatLimits;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.store.Limits;
import dev.watersmeet.store.Mark;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How much of a push is recorded: its rejected documents all, and of the details what there is room for (P-7). */
class RecordedVerdictsTest {
    private static final int LONG_NAME = 1_000;
    private static final String LONG_DETAIL = "\uD83D\uDE00".repeat(3_000);

    private final ServerUnderTest roomy = new ServerUnderTest();
    private final ServerUnderTest small =
            new ServerUnderTest(builder -> builder, new Limits(1_000, 2_000, 3_000, 50, Limits.LEAST_MARK_BYTES));

    private static PushedDocument good(Pusher pusher) {
        return pushed("good", edit(stamp(NOW, pusher.id), "title", "x"));
    }

    /** A good document, and others that cannot be read. */
    private static PushedDocument[] documents(Pusher pusher, int bad, int nameLength, String detail) {
        PushedDocument[] documents = new PushedDocument[bad + 1];
        documents[0] = good(pusher);
        for (int i = 1; i <= bad; i++) {
            String name = i + "-".repeat(nameLength - Integer.toString(i).length());
            documents[i] = new PushedDocument.Unreadable(id(name), RejectionCode.MALFORMED, detail);
        }
        return documents;
    }

    @Test
    void aLongDetailIsCutBetweenCharacters() {
        Pusher ada = new Pusher(roomy, ADA, 1);

        PushOutcome outcome = ada.push(documents(ada, 1, 2, LONG_DETAIL));

        assertThat(outcome.rejected()).singleElement().satisfies(rejection -> assertThat(rejection.detail())
                .hasSizeLessThanOrEqualTo(Verdicts.MAX_DETAIL_LENGTH)
                .endsWith("\uDE00…"));
    }

    @Test
    void theLargestPushOfWhichAllIsRejectedIsRecorded() {
        Pusher ada = new Pusher(roomy, ADA, 1);
        int bad = FormatLimits.MAX_PUSH_DOCUMENTS - 1;
        Push push = ada.next(documents(ada, bad, LONG_NAME, LONG_DETAIL));

        PushOutcome outcome = ada.send(push);

        assertThat(outcome.rejected()).hasSize(bad);
        assertThat(ada.send(push)).as("told again").isEqualTo(outcome);
        Mark mark = roomy.store.mark(SPACE, ada.id).orElseThrow();
        assertThat(mark.bytes()).isLessThanOrEqualTo(Limits.ROOMY.markBytes());
    }

    @Test
    void detailsAreLeftOutWhereThereIsNoRoomForThem() {
        Pusher ada = new Pusher(small, ADA, 1);

        PushOutcome outcome = ada.push(documents(ada, 30, 10, LONG_DETAIL));

        assertThat(outcome.rejected()).hasSize(30).extracting(Rejection::detail).containsOnly("");
        assertThat(small.documents().get("good")).isPresent();
    }

    @Test
    void aPushOfWhichTooMuchIsRejectedIsRefusedBeforeAnythingIsJoined() {
        Pusher ada = new Pusher(small, ADA, 1);
        PushOutcome last = ada.push();

        Problem problem = problem(() -> ada.send(ada.next(documents(ada, 20, LONG_NAME, "no"))));

        assertThat(problem.code()).isEqualTo(ProblemCode.TOO_LARGE);
        assertThat(problem.detail()).contains("20 rejected documents").contains("8192 bytes");
        assertThat(problem.last()).isEqualTo(last);
        assertThat(small.stored(id("good"))).isEqualTo(DocumentState.empty());
        assertThat(ada.push(documents(ada, 1, LONG_NAME, LONG_DETAIL)).number()).isEqualTo(2);
    }

    @Test
    void theLeastStoreRecordsTheRejectionOfAnyDocumentOfAnybody() {
        Principal longest = new Principal("\u4E2D".repeat(Mark.MAX_PRINCIPAL_LENGTH));
        Pusher pusher = new Pusher(small, longest, 1);

        assertThat(pusher.push(documents(pusher, 1, LONG_NAME, LONG_DETAIL)).rejected())
                .hasSize(1);
    }

    @Test
    void namesOfNodesAndPrincipalsAreBounded() {
        assertThatThrownBy(() -> roomy.open("n".repeat(ServerReplica.MAX_NODE_LENGTH + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("128");
        Documents longest =
                roomy.open("n".repeat(ServerReplica.MAX_NODE_LENGTH)).space("s").collection("todos");
        longest.put("t1", Map.of("title", "x"));
        assertThat(longest.get("t1")).isPresent();
        assertThatThrownBy(() -> new Principal("p".repeat(Mark.MAX_PRINCIPAL_LENGTH + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024");
    }
}
